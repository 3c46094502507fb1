import { Client } from 'pg';
import { ApiKeyChangedV1, TenantChangedV1, topics } from '@libs/contracts';
import { retellConfig } from '../src/operator.config';
import { retell } from '../src/retell';
import { AuthUnderTest } from './auth-under-test';

interface Told<Payload> {
  tenantId: string;
  payload: Payload;
}

let auth: AuthUnderTest;
let admin: Client;

beforeAll(async () => {
  auth = await AuthUnderTest.start();
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await auth?.stop();
});

async function told<Payload>(topic: string): Promise<Told<Payload>[]> {
  const { rows } = await admin.query<{ messages: Told<Payload>[] }>(
    'select messages from auth.outbox where topic = $1',
    [topic],
  );
  return rows.flatMap(({ messages }) => messages.map(({ tenantId, payload }) => ({ tenantId, payload })));
}

/** As sets: the order in which they are told does not matter. */
const sorted = (facts: object[]) => facts.map((fact) => JSON.stringify(fact)).sort();

describe('npm run auth:retell', () => {
  it('says the last word about every tenant and key again, under the revision it had', async () => {
    const made: string[] = [];
    for (const subdomain of ['estrela', 'rival']) {
      await auth.register(subdomain);
      const token = (await auth.login(subdomain)).accessToken;
      for (let i = 0; i < 3; i++) {
        const body = { name: `Chave ${i}`, scopes: ['releases:read'] };
        made.push((await auth.call<{ id: string }>('/api/v1/keys', { token, body })).body.id);
      }
      await auth.call(`/api/v1/keys/${made.at(-1)}`, { method: 'DELETE', token });
    }
    const keysBefore = await told<ApiKeyChangedV1>(topics.apiKeyChanged);
    const last = made.map((id) =>
      keysBefore
        .filter(({ payload }) => payload.keyId === id)
        .sort((a, b) => b.payload.revision - a.payload.revision)
        .at(0),
    );
    const tenantsBefore = await told<TenantChangedV1>(topics.tenantChanged);
    await admin.query('delete from auth.outbox');

    const config = retellConfig.parse({ DATABASE_AUTH_URL: auth.database.urlFor('auth_api') });
    await expect(retell(config)).resolves.toEqual({ tenants: 2, keys: 6 });
    const keysAfter = await told<ApiKeyChangedV1>(topics.apiKeyChanged);
    expect(sorted(keysAfter)).toEqual(sorted(last as object[]));
    expect(keysAfter.filter(({ payload }) => payload.revokedAt)).toHaveLength(2);
    expect(sorted(await told<TenantChangedV1>(topics.tenantChanged))).toEqual(sorted(tenantsBefore));
  });
});
