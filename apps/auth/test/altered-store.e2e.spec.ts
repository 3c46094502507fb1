import { IdempotencySecret } from '@libs/http';
import { OneTimeStore } from '@libs/redis';
import { AuthUnderTest, PASSWORD } from './auth-under-test';
import { answer, Authenticator, enrol, login, mailbox, MovedClock } from './authenticator';

const EMAIL = 'dona@estrela.example';
let auth: AuthUnderTest;
let clock: MovedClock;
let store: OneTimeStore;
let app: Authenticator;
let token: string;

beforeAll(async () => {
  auth = await AuthUnderTest.start();
  clock = new MovedClock(auth);
  mailbox(auth);
  store = auth.app.get(OneTimeStore, { strict: false });
  await auth.register('estrela');
  token = (await auth.login('estrela')).accessToken;
  ({ app } = await enrol(auth, token));
});
afterAll(async () => {
  clock?.restore();
  await auth?.stop();
});

describe('a challenge that somebody altered in the store', () => {
  it.each([
    ['a bit of it', (kept: string) => `${kept.startsWith('A') ? 'B' : 'A'}${kept.slice(1)}`],
    ['its end', (kept: string) => kept.slice(0, -8)],
    ['all of it but the beginning', (kept: string) => kept.slice(0, 24)],
    ['all of it', () => '{"answerer":"totp"}'],
    ['all of it, for nothing', () => ''],
  ])('has ended: %s', async (_name, alter) => {
    const put = jest.spyOn(store, 'put');
    const { challengeId } = (await login(auth, EMAIL, PASSWORD)).body;
    const [key = '', kept = ''] = put.mock.lastCall ?? [];
    put.mockRestore();
    await store.put(key, alter(kept), 300);
    await clock.advance(30);
    expect(await answer(auth, challengeId, app.code())).toMatchObject({
      status: 401,
      body: { code: 'challenge_ended' },
    });
  });
});

describe('an answer sealed under a secret that has changed since', () => {
  it('is said to be lost, and its request is not carried out again', async () => {
    const { accessToken } = (await answer(auth, await challengeOf(), app.code())).body.tokens;
    const make = (name: string) =>
      auth.call<{ code: string; detail: string }>('/api/v1/keys', {
        token: accessToken,
        body: { name, scopes: ['releases:read'] },
        headers: { 'idempotency-key': 'once' },
      });
    expect((await make('Integração')).status).toBe(201);
    const [secret, next] = [
      auth.app.get(IdempotencySecret, { strict: false }),
      new IdempotencySecret('another secret'),
    ];
    jest.spyOn(secret, 'open').mockImplementation((...args) => next.open(...args));
    jest.spyOn(secret, 'digest').mockImplementation((text) => next.digest(text));
    const again = await make('Integração');
    expect(again).toMatchObject({ status: 409, body: { code: 'idempotent_answer_lost' } });
    expect(again.body.detail).toContain('was carried out');
    expect(await make('Outra')).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    const { body } = await auth.call<{ items: unknown[] }>('/api/v1/keys', { token: accessToken });
    expect(body.items).toHaveLength(1);
  });

  async function challengeOf(): Promise<string> {
    await clock.advance(30);
    return (await login(auth, EMAIL, PASSWORD)).body.challengeId;
  }
});
