import { Client } from 'pg';
import { eventually, Mailbox } from '@libs/testing';
import { manageTenants, UnknownArguments } from '../src/tenants';
import { tenantsConfig } from '../src/operator.config';
import { AuthUnderTest } from './auth-under-test';
import { Company } from './company';

let auth: AuthUnderTest;
let mailbox: Mailbox;
let admin: Client;

beforeAll(async () => {
  mailbox = await Mailbox.open();
  auth = await AuthUnderTest.start({ SMTP_URL: mailbox.url });
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await auth?.stop();
  await mailbox?.close();
});

/** As an operator runs it: with nothing but the database and the secret. */
async function command(...argv: string[]): Promise<string[]> {
  const lines: string[] = [];
  const config = tenantsConfig.parse({
    DATABASE_AUTH_URL: auth.database.urlFor('auth_api'),
    AUTH_KEY_SECRET: 'a secret for tests, thirty-two characters at least',
  });
  await manageTenants(config, argv, (line) => lines.push(line));
  return lines;
}

const code = ({ status, body }: { status: number; body?: { code?: string } }) => `${status} ${body?.code}`;

describe('a suspended tenant', () => {
  it('is shut within a second, and its sessions end for good', async () => {
    const company = await Company.found(auth, mailbox, 'estrela');
    const bystander = await Company.found(auth, mailbox, 'vizinha');
    const { tokens } = await company.member('caixa', 'operator');
    await company.invite('convidada@estrela.example', 'viewer');
    const link = await company.linkTo('convidada@estrela.example');

    expect(await command('suspend', 'ESTRELA', '--reason', 'fraude sob apuração')).toEqual([
      'estrela is suspended; 2 sessions ended',
    ]);
    await eventually(
      async () => {
        expect(code(await auth.me(company.owner))).toMatch(/^40[13] (revoked_token|tenant_suspended)$/);
        expect(code(await auth.me(tokens.accessToken))).toMatch(/^40[13] (revoked_token|tenant_suspended)$/);
      },
      { within: 1_000 },
    );
    expect((await auth.refresh(tokens.refreshToken)).status).toBeGreaterThanOrEqual(401);
    await expect(auth.login('estrela')).rejects.toThrow('tenant_suspended');
    expect(code(await company.accept(link))).toBe('403 tenant_suspended');
    expect((await auth.me(bystander.owner)).status).toBe(200);

    expect(await command('reactivate', 'estrela')).toHaveLength(1);
    // Of the sessions that ended none comes back; its people sign in anew.
    expect((await auth.me(company.owner)).status).not.toBe(200);
    expect((await auth.refresh(tokens.refreshToken)).status).toBe(401);
    await expect(auth.login('estrela')).resolves.toMatchObject({ tokenType: 'Bearer' });
    expect((await company.accept(link)).status).toBe(201);

    const { rows } = await admin.query<{ action: string; details: object }>(
      `select action, details from auth.audit_entry where action like 'tenant.%ed' and action <> 'tenant.registered'
       order by seq`,
    );
    expect(rows.map(({ action }) => action)).toEqual(['tenant.suspended', 'tenant.reactivated']);
    expect(JSON.stringify(rows[0]?.details)).toContain('fraude sob apuração');
  });

  it('is shut for whoever signs in at that very moment', async () => {
    await Company.found(auth, mailbox, 'corrida');
    const [, ...logins] = await Promise.all([
      command('suspend', 'corrida', '--reason=teste'),
      ...Array.from({ length: 8 }, () => auth.login('corrida').catch(() => undefined)),
    ]);
    const tokens = logins.filter((each) => each !== undefined);
    await eventually(
      async () => {
        for (const { accessToken } of tokens) expect((await auth.me(accessToken)).status).not.toBe(200);
      },
      { within: 1_000 },
    );
    for (const { refreshToken } of tokens)
      expect((await auth.refresh(refreshToken)).status).toBeGreaterThanOrEqual(401);
  });

  it('stays shut in a process that starts later, with an empty memory', async () => {
    const company = await Company.found(auth, mailbox, 'noturna');
    await command('suspend', 'noturna', '--reason=teste');
    const later = await auth.another();
    try {
      expect((await later.me(company.owner)).status).not.toBe(200);
    } finally {
      await later.app.close();
    }
  });

  it('is told of once however often the command runs', async () => {
    await Company.found(auth, mailbox, 'insistente');
    for (let times = 0; times < 3; times += 1) await command('suspend', 'insistente', '--reason=teste');
    const { rows } = await admin.query(
      `select 1 from auth.audit_entry a join auth.tenant t on t.id = a.tenant_id
       where t.subdomain = 'insistente' and a.action = 'tenant.suspended'`,
    );
    expect(rows).toHaveLength(1);
  });
});

describe("the operator's command", () => {
  it('lists every tenant and its status', async () => {
    await Company.found(auth, mailbox, 'listada');
    const lines = await command('list');
    expect(lines.find((line) => line.includes('listada'))).toMatch(/^active {5}[0-9a-f-]{36} {2}listada$/);
  });

  it('says so when there is no such tenant', async () => {
    await expect(command('suspend', 'inexistente', '--reason=teste')).rejects.toThrow(
      'There is no tenant with the subdomain inexistente.',
    );
  });

  it.each([[[]], [['suspend']], [['suspend', 'estrela']], [['delete', 'estrela']], [['list', 'estrela']]])(
    'explains itself where it is not understood: %j',
    async (argv) => {
      await expect(command(...argv)).rejects.toThrow(UnknownArguments);
    },
  );

  it('leaves no denial unpublished for long', async () => {
    await eventually(async () => {
      const { rows } = await admin.query('select 1 from auth.denial where unpublished');
      expect(rows).toEqual([]);
    });
  });
});
