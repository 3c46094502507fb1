import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify, parseEnv } from 'node:util';
import { call, eventually, expectCall } from '@libs/testing';
import { Client } from 'pg';
import { AllInOne } from './all-in-one';

const PASSWORD = 'correto cavalo bateria grampo';
const COMMAND = join(__dirname, '../../../dist/apps/auth/src/tenants.js');

interface Credentials {
  token: string;
  key: string;
}

/** `npm start` in a process of its own, and `npm run tenants` in another, with what the operator's file says. */
describe('a tenant that an operator suspends', () => {
  let house: AllInOne;

  beforeAll(async () => {
    house = await AllInOne.prepare({ MONEYFLOW_DEMO: 'false' });
    await house.start();
  }, 120_000);
  afterAll(() => house.remove(), 60_000);

  it('is refused by every service within a second, by token and by key, also after a restart', async () => {
    const [company, bystander] = [await found('estrela'), await found('vizinha')];
    expect(await statuses(company)).toEqual([200, 200, 200, 200, 202]);

    expect(await tenants('suspend', 'estrela', '--reason=fraude')).toContain('estrela is suspended');
    await eventually(async () => expect(await refused(company)).toBe(true), { within: 1_000, every: 10 });
    expect(await statuses(bystander)).toEqual([200, 200, 200, 200, 202]);

    // As after its minute: beyond the denial the directory of every service knows, and keeps it.
    await tenantDenialEnds();
    await house.running.stop();
    await house.start();
    expect(await refused(company)).toBe(true);
    await expect(signIn('estrela')).rejects.toThrow('tenant_suspended');
    expect(await tenants('list')).toMatch(/suspended {2}[0-9a-f-]{36} {2}estrela/);

    await tenants('reactivate', 'estrela');
    await eventually(
      async () => {
        const token = await signIn('estrela');
        expect(await statuses({ ...company, token })).toEqual([200, 200, 200, 200, 202]);
      },
      { within: 30_000, every: 200 },
    );
    // What ended with the suspension stays ended; a key is the tenant's, and works again.
    expect((await call(house.url, '/api/v1/auth/me', { token: company.token })).status).toBe(401);
  }, 240_000);

  async function found(subdomain: string): Promise<Credentials> {
    const person = { email: `dona@${subdomain}.example`, password: PASSWORD, name: 'Dona da Padaria' };
    const body = { ...person, tenant: { name: 'Padaria', subdomain } };
    await expectCall(house.url, '/api/v1/auth/register', [201], { body });
    const token = await signIn(subdomain);
    const made = await expectCall<{ key: string }>(house.url, '/api/v1/keys', [201], {
      token,
      body: { name: 'Loja', scopes: ['releases:read', 'releases:write'] },
    });
    const credentials = { token, key: made.key };
    await eventually(async () => expect(await statuses(credentials)).toEqual([200, 200, 200, 200, 202]));
    return credentials;
  }

  async function signIn(subdomain: string): Promise<string> {
    const body = { email: `dona@${subdomain}.example`, password: PASSWORD };
    type SignedIn = { tokens: { accessToken: string } };
    const { tokens } = await expectCall<SignedIn>(house.url, '/api/v1/auth/login', [200], { body });
    return tokens.accessToken;
  }

  async function statuses({ token, key }: Credentials): Promise<number[]> {
    const byKey = { headers: { 'x-api-key': key } };
    const answers = [
      await call(house.url, '/api/v1/auth/me', { token }),
      await call(house.url, '/api/v1/releases', { token }),
      await call(house.url, '/api/v1/consolidated/balance', { token }),
      await call(house.url, '/api/v1/releases', byKey),
      await call(house.url, '/api/v1/releases', {
        ...byKey,
        body: { description: 'Venda', amount: '1.00' },
      }),
    ];
    return answers.map(({ status }) => status);
  }

  async function tenantDenialEnds(): Promise<void> {
    const admin = new Client({ connectionString: house.adminUrl });
    await admin.connect();
    const { rowCount } = await admin.query("delete from auth.denial where subject = 'tenant'");
    await admin.end();
    expect(rowCount).toBeGreaterThan(0);
  }

  async function refused(credentials: Credentials): Promise<boolean> {
    return (await statuses(credentials)).every((status) => status === 401 || status === 403);
  }

  async function tenants(...argv: string[]): Promise<string> {
    const env = parseEnv(readFileSync(join(house.dataDir, 'operator.env'), 'utf8'));
    const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, ...argv], {
      env: env,
    });
    return stdout;
  }
});
