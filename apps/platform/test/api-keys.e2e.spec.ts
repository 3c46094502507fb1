import { setTimeout as sleep } from 'node:timers/promises';
import { Answer, call, eventually, expectCall } from '@libs/testing';
import { HouseInProcess } from './house-in-process';

interface Key {
  id: string;
  key: string;
  usage: { count: number; lastUsedAt?: string };
}
interface Refusal {
  code: string;
}

const PASSWORD = 'correto cavalo bateria grampo';
const RELEASE = { description: 'Venda', amount: '1.00' };
const BALANCE = '/api/v1/consolidated/balance';
const RELEASES = '/api/v1/releases';
const READ_AND_WRITE = ['releases:read', 'releases:write'];

let house: HouseInProcess;
let token: string;

beforeAll(async () => {
  house = await HouseInProcess.open();
  token = await company('estrela');
}, 90_000);
afterAll(() => house?.close());

/** A company with an owner who has just signed in. */
async function company(subdomain: string): Promise<string> {
  const email = `dona@${subdomain}.example`;
  const tenant = { name: 'Padaria', subdomain };
  const person = { email, password: PASSWORD, name: 'Dona da Padaria', tenant };
  await expectCall(house.url, '/api/v1/auth/register', [201], { body: person });
  const { tokens } = await expectCall<{ tokens: { accessToken: string } }>(
    house.url,
    '/api/v1/auth/login',
    [200],
    { body: { email, password: PASSWORD } },
  );
  return tokens.accessToken;
}

/** A new key that both services know already. */
async function aKey(changes: object = {}, by = token): Promise<Key> {
  const body = { name: 'Integração', scopes: READ_AND_WRITE, ...changes };
  const made = await expectCall<Key>(house.url, '/api/v1/keys', [201], { token: by, body });
  await known(made.key);
  return made;
}

/** Waits until no service calls it unknown. */
function known(key: string): Promise<void> {
  return eventually(async () => {
    for (const { body } of [await read(key, RELEASES), await read(key, BALANCE)])
      expect(body?.code).not.toBe('invalid_api_key');
  });
}

type As = 'header' | 'bearer';
const withKey = (key: string, as: As) =>
  as === 'header' ? { headers: { 'x-api-key': key } } : { token: key };
const read = (key: string, path: string, as: As = 'header'): Promise<Answer<Refusal>> =>
  call(house.url, path, withKey(key, as));
const post = (key: string, as: As = 'header'): Promise<Answer<Refusal & { id: string }>> =>
  call(house.url, RELEASES, { ...withKey(key, as), body: RELEASE });
const outcomes = async (key: string) =>
  [await read(key, RELEASES), await read(key, BALANCE), await post(key)].map(({ status, body }) =>
    status < 300 ? status : `${status} ${body.code}`,
  );
const revoke = (id: string) =>
  expectCall(house.url, `/api/v1/keys/${id}`, [204], { token, method: 'DELETE' });

describe('an API key', () => {
  it.each<As>(['header', 'bearer'])('opens every service that takes keys, as %s', async (as) => {
    const { id, key } = await aKey();
    expect((await read(key, BALANCE, as)).status).toBe(200);
    const posted = await post(key, as);
    expect(posted.status).toBe(202);
    await eventually(async () => {
      const release = await call<{ status: string; userId: string }>(
        house.url,
        `${RELEASES}/${posted.body.id}`,
        withKey(key, as),
      );
      expect(release.body).toMatchObject({ status: 'posted', userId: id });
    });
  });

  it('does no more than its scopes say', async () => {
    const reader = await aKey({ scopes: ['releases:read'] });
    expect(await outcomes(reader.key)).toEqual([200, 200, '403 insufficient_scope']);
    const other = await aKey({ scopes: ['events:write'] });
    expect(await outcomes(other.key)).toEqual(Array.from({ length: 3 }, () => '403 insufficient_scope'));
  });

  it("acts in its own tenant: what another one's key posts is not there", async () => {
    const [ours, theirs] = [await aKey(), await aKey({}, await company('rival'))];
    const posted = await post(theirs.key);
    const find = (key: string) => read(key, `${RELEASES}/${posted.body.id}`);
    await eventually(async () => expect((await find(theirs.key)).status).toBe(200));
    const answer = await find(ours.key);
    expect([answer.status, answer.body.code]).toEqual([404, 'release_not_found']);
  });

  it('is refused everywhere within a second of being revoked', async () => {
    const [revoked, bystander] = [await aKey(), await aKey()];
    expect(await outcomes(revoked.key)).toEqual([200, 200, 202]);
    await revoke(revoked.id);
    await sleep(1_000);
    expect(await outcomes(revoked.key)).toEqual(Array.from({ length: 3 }, () => '401 revoked_api_key'));
    expect(await outcomes(bystander.key)).toEqual([200, 200, 202]);
  });

  it('is refused from the moment of its end on, without another word from auth', async () => {
    const end = Date.now() + 8_000;
    const { key } = await aKey({ expiresAt: new Date(end).toISOString() });
    expect(await outcomes(key)).toEqual([200, 200, 202]);
    await sleep(end - Date.now() + 50);
    expect(await outcomes(key)).toEqual(Array.from({ length: 3 }, () => '401 expired_api_key'));
  }, 20_000);

  it('lives beside its successor for the overlap, and no longer', async () => {
    const old = await aKey();
    const next = await expectCall<Key>(house.url, `/api/v1/keys/${old.id}/regenerate`, [201], {
      token,
      body: { overlapSeconds: 8 },
    });
    const regeneratedAt = Date.now();
    await known(next.key);
    expect(await outcomes(old.key)).toEqual([200, 200, 202]);
    expect(await outcomes(next.key)).toEqual([200, 200, 202]);
    await sleep(Math.max(0, regeneratedAt + 8_100 - Date.now()));
    expect(await outcomes(old.key)).toEqual(Array.from({ length: 3 }, () => '401 expired_api_key'));
    expect(await outcomes(next.key)).toEqual([200, 200, 202]);
  }, 20_000);

  it('is refused within a second of being regenerated without an overlap; its successor is not', async () => {
    const old = await aKey();
    const path = `/api/v1/keys/${old.id}/regenerate`;
    const next = await expectCall<Key>(house.url, path, [201], { token, body: {} });
    await sleep(1_000);
    expect(await outcomes(old.key)).toEqual(Array.from({ length: 3 }, () => '401 revoked_api_key'));
    await known(next.key);
    expect(await outcomes(next.key)).toEqual([200, 200, 202]);
  });

  it('has its uses counted, of all services together', async () => {
    const { id, key } = await aKey();
    const before = await usageOf(id);
    const start = Date.now();
    for (let i = 0; i < 5; i++) expect(await outcomes(key)).toEqual([200, 200, 202]);
    // What `aKey` asked while it waited counts as well, once per answer that let it in.
    await eventually(
      async () => expect((await usageOf(id)).count).toBeGreaterThanOrEqual(before.count + 15),
      {
        within: 20_000,
      },
    );
    const { lastUsedAt } = await usageOf(id);
    expect(Date.parse(String(lastUsedAt))).toBeGreaterThanOrEqual(start);
  }, 40_000);

  it('needs auth for nothing once the services know it', async () => {
    const { key } = await aKey();
    const auth = house.applications.find(({ name }) => name === 'auth');
    await auth?.app.close();
    await sleep(1_500); // nothing that was asked before is remembered now
    expect(await outcomes(key)).toEqual([200, 200, 202]);
  });

  async function usageOf(id: string): Promise<Key['usage']> {
    return (await expectCall<Key>(house.url, `/api/v1/keys/${id}`, [200], { token })).usage;
  }
});
