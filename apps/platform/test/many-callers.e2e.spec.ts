import { call, expectCall } from '@libs/testing';
import { HouseInProcess } from './house-in-process';

const CALLERS = 20;
const EACH = 10;
const PASSWORD = 'correto cavalo bateria grampo';

interface Caller {
  email: string;
  subdomain: string;
  tenantId: string;
  /** The description of this company's only release; nobody else's answers may show it. */
  mark: string;
  releaseId: string;
}

/** Over real connections, to every application, with tokens that no verifier has seen before. */
describe('many callers at once', () => {
  let house: HouseInProcess;
  let callers: Caller[];

  beforeAll(async () => {
    house = await HouseInProcess.open();
    callers = [];
    for (let at = 0; at < CALLERS; at++) callers.push(await register(at));
  }, 90_000);
  afterAll(() => house.close());

  it('each see themselves at /auth/me, also while their tokens are verified for the first time', async () => {
    await everyoneAtOnce(async (caller, token) => {
      const { status, body } = await call<Me>(house.url, '/api/v1/auth/me', { token });
      expect({ status, email: body.user.email, subdomain: body.tenant.subdomain }).toEqual({
        status: 200,
        email: caller.email,
        subdomain: caller.subdomain,
      });
    });
  }, 60_000);

  it('each reach their own releases and nobody else’s, under one and the same Idempotency-Key', async () => {
    const body = { description: 'Venda', amount: '1.00', metadata: {} };
    const ids = new Map<string, string>();
    await everyoneAtOnce(async (caller, token) => {
      const sent = { ...body, metadata: { mark: caller.mark } };
      const headers = { 'idempotency-key': 'the-same-for-all' };
      const posted = await call<Posted>(house.url, '/api/v1/releases', { token, body: sent, headers });
      // A company of its own asks ten times at once: one is worked on, the others wait or are told again.
      expect([202, 409]).toContain(posted.status);
      if (posted.status !== 202) return;
      expect(posted.body.metadata).toEqual({ mark: caller.mark });
      expect(ids.get(caller.tenantId) ?? posted.body.id).toBe(posted.body.id);
      ids.set(caller.tenantId, posted.body.id);
    });
    expect(new Set(ids.values()).size).toBe(CALLERS);
  }, 60_000);

  it('each read their own list, and get 404 for what is another’s', async () => {
    await everyoneAtOnce(async (caller, token, at) => {
      const list = await call<{ items: { description: string }[] }>(house.url, '/api/v1/releases', { token });
      expect(list.body.items.map(({ description }) => description)).not.toContain(
        callers[(at + 1) % CALLERS]?.mark,
      );
      const other = callers[(at + 1) % CALLERS] as Caller;
      const foreign = await call<{ code: string }>(house.url, `/api/v1/releases/${other.releaseId}`, {
        token,
      });
      expect([foreign.status, foreign.body.code]).toEqual([404, 'release_not_found']);
      const own = await call(house.url, `/api/v1/releases/${caller.releaseId}`, { token });
      expect(own.status).toBe(200);
    });
  }, 60_000);

  async function register(at: number): Promise<Caller> {
    const subdomain = `empresa-${String.fromCharCode(97 + at)}`;
    const caller = { subdomain, email: `dona@${subdomain}.example`, mark: `Só de ${subdomain}` };
    const body = {
      email: caller.email,
      password: PASSWORD,
      name: 'Dona da Padaria',
      tenant: { name: 'Padaria', subdomain },
    };
    const { tenant } = await expectCall<Me>(house.url, '/api/v1/auth/register', [201], { body });
    const release = { description: caller.mark, amount: '1.00' };
    const token = await tokenOf(caller.email);
    const posted = await expectCall<Posted>(house.url, '/api/v1/releases', [202], { token, body: release });
    return { ...caller, tenantId: tenant.id, releaseId: posted.id };
  }

  async function tokenOf(email: string): Promise<string> {
    const body = { email, password: PASSWORD };
    const answer = await expectCall<SignedIn>(house.url, '/api/v1/auth/login', [200], { body });
    return answer.tokens.accessToken;
  }

  /** Two hundred requests side by side, callers mixed, each caller with a new token. */
  async function everyoneAtOnce(work: (caller: Caller, token: string, at: number) => Promise<void>) {
    const tokens = new Map<Caller, string>();
    for (const caller of callers) tokens.set(caller, await tokenOf(caller.email));
    await Promise.all(
      Array.from({ length: CALLERS * EACH }, (_, turn) => {
        const at = turn % CALLERS;
        const caller = callers[at] as Caller;
        return work(caller, tokens.get(caller) ?? '', at);
      }),
    );
  }
});

interface Me {
  user: { email: string };
  tenant: { id: string; subdomain: string };
}
interface Posted {
  id: string;
  metadata: unknown;
}
interface SignedIn {
  tokens: { accessToken: string };
}
