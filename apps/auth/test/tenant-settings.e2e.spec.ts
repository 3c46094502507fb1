import { Client } from 'pg';
import { Mailbox } from '@libs/testing';
import { AuthUnderTest, outcome } from './auth-under-test';
import { Company } from './company';

let auth: AuthUnderTest;
let mailbox: Mailbox;
let admin: Client;
let company: Company;

beforeAll(async () => {
  mailbox = await Mailbox.open();
  auth = await AuthUnderTest.start({ SMTP_URL: mailbox.url });
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
  company = await Company.found(auth, mailbox, 'estrela');
});
afterAll(async () => {
  await admin?.end();
  await auth?.stop();
  await mailbox?.close();
});

const change = (body: object, as?: string) => company.call('', { method: 'PATCH', body, as });

describe("a tenant's settings", () => {
  it('begin with what a Brazilian company expects', async () => {
    expect((await company.call('')).body).toMatchObject({
      name: 'Padaria Estrela Ltda',
      subdomain: 'estrela',
      timeZone: 'America/Sao_Paulo',
      nightLimit: '1000.00',
      origins: [],
      domains: [],
      status: 'active',
    });
  });

  it('change one by one; what is absent stays, and everybody is told once', async () => {
    const { status, body } = await change({ nightLimit: '0.00', origins: ['https://app.estrela.example'] });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { name: 'Padaria Estrela Ltda', nightLimit: '0.00', origins: ['https://app.estrela.example'] },
    });
    await change({ timeZone: 'America/Manaus' });
    await change({ timeZone: 'America/Manaus' }); // nothing new
    const { rows } = await admin.query<{ payload: object }>(
      `select messages -> 0 -> 'payload' as payload from auth.outbox
       where topic = 'auth.tenant-changed.v1' order by id desc limit 1`,
    );
    expect(rows[0]?.payload).toMatchObject({ timeZone: 'America/Manaus', revision: 3 });
    const entries = await admin.query<{ details: object }>(
      `select details from auth.audit_entry where action = 'tenant.changed' order by seq`,
    );
    expect(entries.rows).toHaveLength(2);
  });

  it('never lose one of two changes made at once', async () => {
    const names = Array.from({ length: 10 }, (_, at) => `Padaria ${at}`);
    const limits = names.map((_, at) => `${at + 1}.00`);
    const { rows } = await admin.query<{ revision: number }>('select revision from auth.tenant');
    const answers = await Promise.all([
      ...names.map((name) => change({ name })),
      ...limits.map((nightLimit) => change({ nightLimit })),
    ]);
    expect(new Set(answers.map(outcome))).toEqual(new Set(['200']));
    const after = await admin.query<{ revision: number }>('select revision from auth.tenant');
    expect(Number(after.rows[0]?.revision) - Number(rows[0]?.revision)).toBe(20);
  });

  it.each([
    [{ nightLimit: 1000 }, '422 amount_not_a_string'],
    [{ nightLimit: '-1.00' }, '422 negative_night_limit'],
    [{ nightLimit: '1.005' }, '422 malformed_amount'],
    [{ nightLimit: '99999999999999.99' }, '422 amount_out_of_range'],
    [{ timeZone: '+03:00' }, '422 unknown_time_zone'],
    [{ timeZone: 'America/Sao_Paulo\u0000' }, '400'],
    [{ timeZone: 'Mars/Olympus' }, '422 unknown_time_zone'],
    [{ name: '\u200b' }, '422 blank_name'],
    [{ origins: ['*'] }, '422 invalid_origin'],
    [{ origins: ['null'] }, '422 invalid_origin'],
    [{ origins: ['https://*.estrela.example'] }, '422 invalid_origin'],
    [{ origins: ['http://app.estrela.example'] }, '422 invalid_origin'],
    [{ origins: ['https://app.estrela.example/'] }, '422 invalid_origin'],
    [{ origins: ['https://user@app.estrela.example'] }, '422 invalid_origin'],
    [{ origins: ['javascript:alert(1)'] }, '422 invalid_origin'],
    [{ origins: ['https://app.estrela.example\r\nx: y'] }, '422 invalid_origin'],
    [{ origins: Array.from({ length: 21 }, (_, at) => `https://a${at}.example`) }, '400 malformed_origins'],
    [{ origins: 'https://app.estrela.example' }, '400 malformed_origins'],
    [{ status: 'active' }, '400'],
    [{ subdomain: 'outra' }, '400'],
    [{ id: '019a2b3c-0000-7000-8000-000000000009' }, '400'],
    [{ defaultAppId: '019a2b3c-0000-7000-8000-000000000009' }, '400'],
    [{ name: null }, '400'],
  ])('refuse %j', async (body, expected) => {
    const before = (await company.call('')).body;
    expect(outcome(await change(body))).toMatch(new RegExp(`^${expected}`));
    expect((await company.call('')).body).toEqual(before);
  });

  it('are read by every member and changed by who administers', async () => {
    const viewer = (await company.member('olheira', 'viewer')).tokens.accessToken;
    expect((await company.call('', { as: viewer })).status).toBe(200);
    expect(outcome(await change({ name: 'Minha' }, viewer))).toBe('403 insufficient_scope');
    expect((await auth.call('/api/v1/tenants/me')).status).toBe(401);
  });
});
