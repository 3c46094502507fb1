import { call, expectCall } from '@libs/testing';
import { HouseInProcess } from './house-in-process';

const CALLERS = 20;
const EACH = 10;
const PASSWORD = 'correto cavalo bateria grampo';

interface Caller {
  email: string;
  subdomain: string;
  userId: string;
  tenantId: string;
  /** The description of this company's only release; nobody else's answers may show it. */
  mark: string;
}

/** Over real connections, two hundred requests at a time, each wave with tokens that no verifier has seen before. */
describe('many callers at once', () => {
  let house: HouseInProcess;
  let callers: Caller[];
  const releaseIds = new Map<Caller, string>();

  beforeAll(async () => {
    house = await HouseInProcess.open();
    callers = [];
    for (let at = 0; at < CALLERS; at++) callers.push(await register(at));
  }, 90_000);
  afterAll(() => house.close());

  // First of all: releases has not fetched the public keys yet, so that all two hundred wait for them together.
  it('post as themselves while the keys are on their way, under one and the same Idempotency-Key', async () => {
    await everyoneAtOnce(async (caller, token) => {
      const { status, body } = await call<Posted>(house.url, '/api/v1/releases', {
        token,
        body: { description: caller.mark, amount: '1.00' },
        headers: { 'idempotency-key': 'the-same-for-all' },
      });
      // A company asks ten times at once: one is worked on, the others are told to wait, or told again.
      expect([202, 409]).toContain(status);
      if (status !== 202) return;
      expect({ userId: body.userId, description: body.description }).toEqual({
        userId: caller.userId,
        description: caller.mark,
      });
      expect(releaseIds.get(caller) ?? body.id).toBe(body.id);
      releaseIds.set(caller, body.id);
    });
    expect(new Set(releaseIds.values()).size).toBe(CALLERS);
  }, 30_000);

  it('see themselves at /auth/me', async () => {
    await everyoneAtOnce(async (caller, token) => {
      const { body } = await call<Me>(house.url, '/api/v1/auth/me', { token });
      expect({ id: body.user.id, tenantId: body.tenant.id }).toEqual({
        id: caller.userId,
        tenantId: caller.tenantId,
      });
    });
  }, 30_000);

  it('reach their own releases and get 404 for those of others', async () => {
    await everyoneAtOnce(async (caller, token, another) => {
      const own = await call(house.url, `/api/v1/releases/${releaseIds.get(caller)}`, { token });
      expect(own.status).toBe(200);
      const path = `/api/v1/releases/${releaseIds.get(another)}`;
      const foreign = await call<{ code: string }>(house.url, path, { token });
      expect([foreign.status, foreign.body.code]).toEqual([404, 'release_not_found']);
      const list = await call<{ items: Posted[] }>(house.url, '/api/v1/releases', { token });
      for (const item of list.body.items) expect(item.description).toBe(caller.mark);
    });
  }, 30_000);

  async function register(at: number): Promise<Caller> {
    const subdomain = `empresa-${String.fromCharCode(97 + at)}`;
    const email = `dona@${subdomain}.example`;
    const tenant = { name: 'Padaria', subdomain };
    const body = { email, password: PASSWORD, name: 'Dona da Padaria', tenant };
    const answer = await expectCall<Me>(house.url, '/api/v1/auth/register', [201], { body });
    const ids = { userId: answer.user.id, tenantId: answer.tenant.id };
    return { ...ids, subdomain, email, mark: `Só de ${subdomain}` };
  }

  async function tokenOf({ email }: Caller): Promise<string> {
    const body = { email, password: PASSWORD };
    const answer = await expectCall<SignedIn>(house.url, '/api/v1/auth/login', [200], { body });
    return answer.tokens.accessToken;
  }

  /** Callers mixed; `another` is of another company. */
  async function everyoneAtOnce(work: (caller: Caller, token: string, another: Caller) => Promise<void>) {
    const signedIn: { caller: Caller; token: string }[] = [];
    for (const caller of callers) signedIn.push({ caller, token: await tokenOf(caller) });
    const turns = Array.from({ length: EACH }, () => signedIn).flat();
    await Promise.all(
      turns.map(({ caller, token }, turn) => {
        const another = turns[(turn + 1) % turns.length]?.caller ?? caller;
        return work(caller, token, another);
      }),
    );
  }
});

interface Me {
  user: { id: string };
  tenant: { id: string };
}
interface Posted {
  id: string;
  userId: string;
  description: string;
}
interface SignedIn {
  tokens: { accessToken: string };
}
