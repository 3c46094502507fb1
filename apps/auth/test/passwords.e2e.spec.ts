import { Client } from 'pg';
import { eventually } from '@libs/testing';
import { Mail, Mailer } from '../src/application/members/mailer';
import { AuthUnderTest, PASSWORD } from './auth-under-test';
import { answer, enrol, login, mailbox, MovedClock, SignIn } from './authenticator';

const NEXT = 'outra frase bem comprida';

let auth: AuthUnderTest;
let clock: MovedClock;
let admin: Client;
let mails: Mail[];

beforeAll(async () => {
  auth = await AuthUnderTest.start();
  clock = new MovedClock(auth);
  mails = mailbox(auth);
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
});
beforeEach(() => void mails.splice(0));
afterAll(async () => {
  clock?.restore();
  await admin?.end();
  await auth?.stop();
});

const post = (path: string, body: object, token?: string) =>
  auth.call<{ code: string }>(`/api/v1/auth/${path}`, { body, token });
const mailTo = (address: string, subject: RegExp) =>
  eventually(async () => {
    const mail = mails.find(({ to, subject: text }) => to === address && subject.test(text));
    if (!mail) throw new Error('no such mail yet');
    return mail;
  });
const codeIn = ({ text }: Mail) => /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0] ?? '';
async function forgotten(email: string): Promise<string> {
  mails.splice(0);
  expect((await post('password/forgot', { email })).status).toBe(204);
  return codeIn(await mailTo(email.trim().toLowerCase(), /redefinir/));
}

describe('a forgotten password', () => {
  const email = 'dona@esquecida.example';
  beforeAll(() => auth.register('esquecida'));

  it('is replaced by the code of the mail, in Portuguese, and every session ends', async () => {
    const { accessToken, refreshToken } = await auth.login('esquecida');
    const code = await forgotten(' Dona@Esquecida.example');
    expect(await post('password/reset', { email, code, password: NEXT })).toMatchObject({ status: 204 });
    expect((await login(auth, email, PASSWORD)).status).toBe(401);
    expect((await login(auth, email, NEXT)).status).toBe(200);
    expect((await auth.me(accessToken)).status).toBe(401);
    expect((await auth.refresh(refreshToken)).status).toBe(401);
    await mailTo(email, /foi alterada/);
    const { rows } = await admin.query(`select 1 from auth.audit_entry where action = 'password.reset'`);
    expect(rows).toHaveLength(1);
  });

  it('is answered alike for an account and for none, and writes to nobody then', async () => {
    const known = await post('password/forgot', { email });
    const unknown = await post('password/forgot', { email: 'ninguem@esquecida.example' });
    expect({ status: unknown.status, body: unknown.body }).toEqual({
      status: known.status,
      body: known.body,
    });
    await mailTo(email, /redefinir/);
    expect(mails.map(({ to }) => to)).toEqual([email]);
  });

  it('is answered before the mail has gone, and though it cannot go', async () => {
    const send = jest.spyOn(auth.app.get(Mailer, { strict: false }), 'send');
    const gone = Promise.withResolvers<void>();
    send.mockImplementationOnce(() => gone.promise);
    expect((await post('password/forgot', { email })).status).toBe(204);
    gone.reject(new Error('the mail server is away'));
    expect((await post('password/forgot', { email })).status).toBe(204);
    await mailTo(email, /redefinir/);
  });

  it('takes a code once, of many who bring it at once one wins', async () => {
    const code = await forgotten(email);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => post('password/reset', { email, code, password: `${NEXT} ${i}` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array<number>(7).fill(422)]);
    const again = await forgotten(email);
    expect((await post('password/reset', { email, code: again, password: NEXT })).status).toBe(204);
  });

  it.each([
    ['a wrong code', { code: '0000-0000-0000' }],
    ['an empty guess', { code: '-' }],
    ['an unknown account', { email: 'ninguem@esquecida.example' }],
    ["another person's code", { email: 'dona@outra.example' }],
  ])('refuses %s with the same words, and spoils nothing', async (_name, changes) => {
    const code = await forgotten(email);
    const body = { email, code, password: NEXT, ...changes };
    expect(await post('password/reset', body)).toMatchObject({
      status: 422,
      body: { code: 'confirmation_failed', detail: 'The code is wrong or has expired; ask for another.' },
    });
    expect((await post('password/reset', { email, code, password: NEXT })).status).toBe(204);
  });

  it('refuses a weak password and keeps the code good', async () => {
    const code = await forgotten(email);
    expect((await post('password/reset', { email, code, password: 'password123' })).body.code).toBe(
      'weak_password',
    );
    expect((await post('password/reset', { email, code, password: NEXT })).status).toBe(204);
  });

  it('does not outlive ten minutes, nor another change of the password', async () => {
    const late = await forgotten(email);
    await clock.advance(601);
    expect((await post('password/reset', { email, code: late, password: NEXT })).status).toBe(422);
    const [first, second] = [await forgotten(email), await forgotten(email)];
    expect((await post('password/reset', { email, code: first, password: NEXT })).status).toBe(204);
    expect((await post('password/reset', { email, code: second, password: NEXT })).status).toBe(422);
  });

  it('leaves the second factor in place', async () => {
    const { tokens } = (await login(auth, email, NEXT)).body;
    const { app } = await enrol(auth, tokens.accessToken);
    const code = await forgotten(email);
    expect((await post('password/reset', { email, code, password: `${NEXT} 2` })).status).toBe(204);
    const asked = await login(auth, email, `${NEXT} 2`);
    expect(asked.body.challenge).toBe('SOFTWARE_TOKEN_MFA');
    expect((await answer(auth, asked.body.challengeId, app.code(1))).status).toBe(200);
  });
});

describe('changing a password', () => {
  const email = 'dona@troca.example';
  beforeAll(() => auth.register('troca'));
  const change = (token: string, currentPassword: string, newPassword: string) =>
    post('password/change', { currentPassword, newPassword }, token);

  it('asks for the current one, and ends every session but this', async () => {
    const [mine, other] = [await auth.login('troca'), await auth.login('troca')];
    expect((await change(mine.accessToken, 'errada mas comprida', NEXT)).body.code).toBe(
      'invalid_credentials',
    );
    expect((await change(mine.accessToken, PASSWORD, 'curta')).body.code).toBe('weak_password');
    expect((await auth.me(other.accessToken)).status).toBe(200);
    expect((await change(mine.accessToken, PASSWORD, NEXT)).status).toBe(204);
    expect((await auth.me(mine.accessToken)).status).toBe(200);
    expect((await auth.refresh(mine.refreshToken)).status).toBe(200);
    expect((await auth.me(other.accessToken)).status).toBe(401);
    expect((await auth.refresh(other.refreshToken)).status).toBe(401);
    expect((await login(auth, email, NEXT)).status).toBe(200);
    await mailTo(email, /foi alterada/);
  });

  it.each([
    'dona@contexto.example',
    'DonaDaPadaria7',
    'PadariaEstrelaLtda!',
    'contexto2026',
    'MoneyFlow2031!',
  ])('refuses %s, which the context gives away, as a reset does', async (weak) => {
    const address = 'dona@contexto.example';
    await auth.register('contexto');
    const { accessToken } = await auth.login('contexto');
    expect((await change(accessToken, PASSWORD, weak)).body.code).toBe('weak_password');
    const code = await forgotten(address);
    const reset = { email: address, code, password: weak };
    expect((await post('password/reset', reset)).body.code).toBe('weak_password');
    expect((await post('password/reset', { ...reset, code: '0000-0000-0000' })).body.code).toBe(
      'confirmation_failed',
    );
    expect((await post('password/reset', { ...reset, password: PASSWORD })).status).toBe(204);
  });

  it('asks for a fresh proof, with the second factor where there is one', async () => {
    await auth.register('prova');
    const { accessToken } = await auth.login('prova');
    const { app } = await enrol(auth, accessToken);
    await clock.advance(400);
    expect((await change(accessToken, PASSWORD, NEXT)).body.code).toBe('step_up_required');
    const stepUp = (body: object) => auth.call<SignIn>('/api/v1/auth/step-up', { body, token: accessToken });
    const asked = await stepUp({ password: PASSWORD });
    expect(asked.body.challenge).toBe('SOFTWARE_TOKEN_MFA');
    const { body } = await answer(auth, asked.body.challengeId, app.code());
    expect((await change(body.tokens.accessToken, PASSWORD, NEXT)).status).toBe(204);
  });

  it('lets one of two changes at once win', async () => {
    const { accessToken } = (await login(auth, email, NEXT)).body.tokens;
    const answers = await Promise.all([
      change(accessToken, NEXT, `${NEXT} esquerda`),
      change(accessToken, NEXT, `${NEXT} direita`),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401]);
  });

  it('needs a token', async () => {
    expect((await post('password/change', { currentPassword: NEXT, newPassword: PASSWORD })).status).toBe(
      401,
    );
  });
});

describe('confirming an e-mail', () => {
  it('is optional unless required: a sign-in follows a registration at once', async () => {
    await auth.register('direta');
    expect((await login(auth, 'dona@direta.example', PASSWORD)).status).toBe(200);
    expect(mails).toEqual([]);
  });

  it('comes before the first sign-in where it is required', async () => {
    const strict = await auth.another({ EMAIL_CONFIRMATION: 'required' });
    const letters = mailbox(strict);
    try {
      const email = 'dona@estrita.example';
      await strict.register('estrita');
      expect((await login(strict, email, PASSWORD)).body.code).toBe('email_not_confirmed');
      expect((await login(strict, email, 'errada mas comprida')).body.code).toBe('invalid_credentials');
      const code = await eventually(async () => {
        if (!letters[0]) throw new Error('no mail yet');
        return codeIn(letters[0]);
      });
      const confirm = (body: object) => strict.call('/api/v1/auth/confirm', { body });
      expect((await confirm({ email, code: '0000-0000-0000' })).status).toBe(422);
      expect((await confirm({ email: 'ninguem@x.example', code })).status).toBe(422);
      expect((await confirm({ email, code })).status).toBe(204);
      expect((await login(strict, email, PASSWORD)).status).toBe(200);
      expect((await confirm({ email, code })).status).toBe(422);
    } finally {
      await strict.app.close();
    }
  });

  it('takes no code after ten minutes', async () => {
    const email = 'dona@demorada.example';
    await auth.register('demorada');
    await post('confirm/resend', { email });
    const mail = await mailTo(email, /Confirme/);
    expect(mail.text).toContain('10 minutos');
    await clock.advance(601);
    expect((await post('confirm', { email, code: codeIn(mail) })).status).toBe(422);
  });

  it('sends another code until mailbox and password were shown to be in one hand, and says nothing else', async () => {
    const email = 'dona@direta.example';
    for (const address of [email, 'ninguem@direta.example'])
      expect((await post('confirm/resend', { email: address })).status).toBe(204);
    const code = codeIn(await mailTo(email, /Confirme/));
    expect(mails).toHaveLength(1);
    expect((await post('confirm', { email, code, password: PASSWORD })).status).toBe(204);
    await post('confirm/resend', { email });
    await post('password/forgot', { email });
    await mailTo(email, /redefinir/);
    expect(mails.filter(({ subject }) => /Confirme/.test(subject))).toHaveLength(1);
  });
});
