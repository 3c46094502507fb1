import { RateLimiter, StoreUnavailable } from '@libs/redis';
import { AuthUnderTest, PASSWORD } from './auth-under-test';
import { Authenticator, enrol, mailbox } from './authenticator';

let auth: AuthUnderTest;
let address = 0;

beforeAll(async () => {
  auth = await AuthUnderTest.start({ RATE_LIMIT_LOGIN_PER_15_MIN: '5' });
  mailbox(auth);
});
afterAll(() => auth?.stop());

/** An address that nobody has used before. */
const elsewhere = () => `198.51.${Math.floor(++address / 250)}.${(address % 250) + 1}`;
const post = (path: string, body: object, from = elsewhere(), token?: string) =>
  auth.call<{ code: string }>(`/api/v1/auth/${path}`, { body, from, token });
const countOf = (answers: { status: number }[], status: number) =>
  answers.filter((answer) => answer.status === status).length;
const many = <T>(count: number, work: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)));

describe('limits of what can be guessed', () => {
  it.each([
    ['confirm', { code: '0000-0000-0000' }],
    ['confirm/resend', {}],
    ['password/forgot', {}],
    ['password/reset', { code: '0000-0000-0000', password: PASSWORD }],
  ])('%s admits five tries in 15 min from an address, whoever is tried', async (path, more) => {
    const from = elsewhere();
    const answers = await many(8, (i) => post(path, { email: `pessoa${i}@x.example`, ...more }, from));
    expect(countOf(answers, 429)).toBe(3);
  });

  it.each([['confirm/resend'], ['password/forgot']])(
    '%s writes to an account five times in 15 min, from wherever it is asked',
    async (path) => {
      const answers = await many(8, () => post(path, { email: ' Dona@Muitas.example' }));
      expect(countOf(answers, 429)).toBe(3);
    },
  );

  it('lets no strangers spend the guesses at a mailed code that its owner needs', async () => {
    const body = { email: 'dona@alvo.example', code: '0000-0000-0000', password: PASSWORD };
    const answers = await many(60, () => post('password/reset', body));
    expect(countOf(answers, 429)).toBe(0);
  });

  it('counts answers to challenges by address', async () => {
    const from = elsewhere();
    const answers = await many(30, () => post('mfa', { challengeId: 'A'.repeat(43), code: '000000' }, from));
    expect(countOf(answers, 429)).toBe(5);
  });

  it('counts what a signed-in person tries, from wherever', async () => {
    await auth.register('tentativas');
    const { accessToken } = await auth.login('tentativas');
    const wrong = { currentPassword: 'errada mas comprida', newPassword: PASSWORD };
    for (const [path, body] of [
      ['step-up', { password: 'errada mas comprida' }],
      ['password/change', wrong],
      ['mfa/totp/verify', { code: '000000' }],
    ] as const)
      expect(countOf(await many(7, () => post(path, body, elsewhere(), accessToken)), 429)).toBe(2);
  });
});

describe('guesses at a second factor', () => {
  async function enrolled(name: string): Promise<Authenticator> {
    await auth.register(name);
    return (await enrol(auth, (await auth.login(name, {})).accessToken)).app;
  }
  const challengeOf = async (name: string) => {
    const answer = await post('login', { email: `dona@${name}.example`, password: PASSWORD });
    return (answer.body as unknown as { challengeId: string }).challengeId;
  };

  it('are ten in 15 min for a person, over all sign-ins and addresses, and then not even the right one', async () => {
    const app = await enrolled('vigiada');
    const codes: string[] = [];
    for (let round = 0; round < 3; round++) {
      const challengeId = await challengeOf('vigiada');
      for (let i = 0; i < 4; i++) codes.push((await post('mfa', { challengeId, code: '000000' })).body.code);
    }
    // One of the ten went into enrolling.
    expect(codes.filter((code) => code === 'wrong_code')).toHaveLength(9);
    expect(codes.slice(9)).toEqual(Array<string>(3).fill('too_many_attempts'));
    const challengeId = await challengeOf('vigiada');
    const refused = await post('mfa', { challengeId, code: app.code(1) });
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
    expect(refused.headers['retry-after']).toBe('60');
  });

  it('are fewer, not more, while the store of the limits is away', async () => {
    await enrolled('distante');
    const challenges = [await challengeOf('distante'), await challengeOf('distante')];
    const limiter = auth.app.get(RateLimiter, { strict: false });
    const away = jest.spyOn(limiter, 'consume').mockRejectedValue(new StoreUnavailable());
    try {
      const codes: string[] = [];
      for (const challengeId of challenges)
        for (let i = 0; i < 4; i++)
          codes.push((await post('mfa', { challengeId, code: '000000' })).body.code);
      expect(codes.filter((code) => code === 'wrong_code')).toHaveLength(5);
    } finally {
      away.mockRestore();
    }
  });
});
