import { Client } from 'pg';
import { eventually, Mailbox } from '@libs/testing';
import { AuthUnderTest, outcome } from './auth-under-test';
import { Company } from './company';
import { DnsServer } from './dns-server';

interface Domain {
  domain: string;
  status: string;
  code: string;
  record: { type: string; name: string; value: string };
}

let auth: AuthUnderTest;
let mailbox: Mailbox;
let dns: DnsServer;
let admin: Client;
let company: Company;
let rival: Company;

beforeAll(async () => {
  [mailbox, dns] = [await Mailbox.open(), await DnsServer.start()];
  auth = await AuthUnderTest.start({ SMTP_URL: mailbox.url, DNS_SERVERS: dns.address });
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
  company = await Company.found(auth, mailbox, 'estrela');
  rival = await Company.found(auth, mailbox, 'rival');
});
afterAll(async () => {
  await admin?.end();
  await auth?.stop();
  await dns?.stop();
  await mailbox?.close();
});
afterEach(() => {
  dns.behaviour = 'answers';
});

const add = (whose: Company, domain: string) => whose.call<Domain>('/domains', { body: { domain } });
const verify = (whose: Company, domain: string) =>
  whose.call<Domain>(`/domains/${domain}/verification`, { method: 'POST' });
const remove = (whose: Company, domain: string) => whose.call(`/domains/${domain}`, { method: 'DELETE' });
const domainsOf = async (whose: Company) => (await whose.call<{ domains: string[] }>('')).body.domains;

/** Puts into DNS what the answer asks for. */
function publish({ record }: Domain): void {
  dns.records.set(record.name, [...(dns.records.get(record.name) ?? []), [record.value]]);
}

describe('a custom domain', () => {
  it('is the tenant’s once DNS shows the proof, and tells every service', async () => {
    const { status, body } = await add(company, 'Pagamentos.Estrela.EXAMPLE.');
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        domain: 'pagamentos.estrela.example',
        status: 'pending',
        record: { type: 'TXT', name: '_moneyflow.pagamentos.estrela.example' },
      },
    });
    expect(outcome(await verify(company, body.domain))).toBe('409 domain_not_proven');
    expect(await domainsOf(company)).toEqual([]);
    dns.records.set(body.record.name, [
      ['v=spf1 -all'],
      [body.record.value.slice(0, 9), body.record.value.slice(9)],
    ]);
    expect((await verify(company, body.domain)).body).toMatchObject({ status: 'verified' });
    expect((await verify(company, body.domain)).status).toBe(200);
    expect(await domainsOf(company)).toEqual(['pagamentos.estrela.example']);
    const { rows } = await admin.query<{ messages: { payload: { domains: string[]; revision: number } }[] }>(
      `select messages from auth.outbox o join auth.tenant t on t.id = o.tenant_id
       where t.subdomain = 'estrela' and topic = 'auth.tenant-changed.v1' order by o.id desc limit 1`,
    );
    expect(rows[0]?.messages[0]?.payload).toMatchObject({
      domains: ['pagamentos.estrela.example'],
      revision: 2,
    });
    // The host takes this tenant's tokens from now on, and no other's.
    const headers = { host: 'pagamentos.estrela.example' };
    await eventually(async () => {
      expect((await auth.call('/api/v1/auth/me', { token: company.owner, headers })).status).toBe(200);
    });
    expect(outcome(await auth.call('/api/v1/auth/me', { token: rival.owner, headers }))).toBe(
      '403 wrong_host',
    );
  });

  it('is nobody else’s, also for who proves it later; once given up, it is free', async () => {
    const name = 'disputado.example';
    const ours = (await add(company, name)).body;
    const theirs = (await add(rival, name)).body;
    expect(theirs.record.value).not.toBe(ours.record.value);
    publish(ours);
    // Another's proof proves nothing.
    expect(outcome(await verify(rival, name))).toBe('409 domain_not_proven');
    expect((await verify(company, name)).status).toBe(200);
    publish(theirs);
    expect(outcome(await verify(rival, name))).toBe('409 domain_taken');
    expect(outcome(await remove(rival, 'pagamentos.estrela.example'))).toBe('404 domain_not_found');
    expect((await remove(company, name)).status).toBe(204);
    expect(await domainsOf(company)).not.toContain(name);
    expect((await verify(rival, name)).status).toBe(200);
  });

  it('goes to one of two who prove it at once', async () => {
    const name = 'corrida.example';
    for (const each of [company, rival]) publish((await add(each, name)).body);
    const answers = await Promise.all([verify(company, name), verify(rival, name)]);
    expect(answers.map(outcome).sort()).toEqual(['200', '409 domain_taken']);
  });

  it('that was removed and added again wants a new proof', async () => {
    const name = 'devolvido.example';
    publish((await add(company, name)).body);
    await remove(company, name);
    await add(company, name);
    expect(outcome(await verify(company, name))).toBe('409 domain_not_proven');
  });

  it.each([
    ['is silent', 'is silent'],
    ['fails', 'fails'],
  ] as const)('is not decided on while DNS %s', async (_, behaviour) => {
    const name = `${behaviour.replace(' ', '')}.example`;
    publish((await add(company, name)).body);
    dns.behaviour = behaviour;
    expect(outcome(await verify(company, name))).toBe('503 dns_unavailable');
    dns.behaviour = 'answers';
    expect((await verify(company, name)).status).toBe(200);
    await remove(company, name);
  });

  it.each([
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '[::1]',
    'localhost',
    'api.localhost',
    'rival.localhost',
    'com',
    '*.estrela.example',
    '_dmarc.estrela.example',
    'estrela.example:8080',
    'estrela.example/path',
    'user@estrela.example',
    'a..example',
    '-a.example',
    `${'a'.repeat(64)}.example`,
    `${'abcdefgh.'.repeat(29)}example`,
    'estrela.internal',
    'printer.local',
    '4.3.2.1.in-addr.arpa',
    'estrela example',
    'estrela.example%2f',
  ])('is refused where it is no host name of a company: %s', async (domain) => {
    const { status } = await add(company, domain);
    expect([400, 422]).toContain(status);
    expect(dns.asked).not.toContain(`_moneyflow.${domain}`);
  });

  it('may have an international name, kept as DNS has it', async () => {
    expect((await add(company, 'São-João.example')).body).toMatchObject({
      domain: 'xn--so-joo-3tae.example',
    });
    await remove(company, 'xn--so-joo-3tae.example');
  });

  it('has at most nine beside it, also when many are added at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 15 }, (_, at) => add(rival, `loja${at}.rival.example`)),
    );
    const { body } = await rival.call<{ items: Domain[] }>('/domains');
    expect(body.items).toHaveLength(10);
    expect(answers.map(outcome).filter((each) => each === '409 too_many_domains').length).toBeGreaterThan(0);
  });
});
