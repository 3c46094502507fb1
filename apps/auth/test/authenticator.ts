import { SystemClock } from '@libs/kernel';
import { DenyListSnapshot } from '@libs/security';
import { Secret, TOTP } from 'otpauth';
import { Mail, Mailer } from '../src/application/members/mailer';
import { Answer, AuthUnderTest, Tokens } from './auth-under-test';

/** What a sign-in answers: tokens or a challenge. */
export interface SignIn {
  tokens: Tokens;
  mfaRequired?: boolean;
  challenge: string;
  challengeId: string;
  expiresIn: number;
  code?: string;
}

/** An authenticator app with one entry. */
export class Authenticator {
  /** What it showed last: asked again, it may show the next one, since a step can end between any two lines. */
  shown = '';

  constructor(private readonly secret: string) {}

  /** @param steps into the future, of 30 s each */
  code(steps = 0): string {
    const timestamp = new SystemClock().now().getTime() + steps * 30_000;
    this.shown = new TOTP({ secret: Secret.fromBase32(this.secret) }).generate({ timestamp });
    return this.shown;
  }
}

/** Moves the clock of everything in this process; a code is good once, and tests do not wait for the next. */
export class MovedClock {
  private offset = 0;
  private readonly spy = jest
    .spyOn(SystemClock.prototype, 'now')
    .mockImplementation(() => new Date(Date.now() + this.offset));

  constructor(private readonly auth: AuthUnderTest) {}

  async advance(seconds: number): Promise<void> {
    this.offset += seconds * 1000;
    // Else revocations count as unknown until the next look, and step-up routes answer 503.
    await this.auth.app.get(DenyListSnapshot, { strict: false }).refresh();
  }

  /** To the middle of a code's 30 s: a code one step off must not become one of this step, or two off, on its way. */
  async toMidStep(): Promise<void> {
    await this.advance(45 - ((new SystemClock().now().getTime() / 1000) % 30));
  }

  restore(): void {
    this.spy.mockRestore();
  }
}

/** Takes the mails instead of sending them. */
export function mailbox(auth: AuthUnderTest): Mail[] {
  const mails: Mail[] = [];
  jest.spyOn(auth.app.get(Mailer, { strict: false }), 'send').mockImplementation(async (mail) => {
    mails.push(mail);
  });
  return mails;
}

export function login(auth: AuthUnderTest, email: string, password: string): Promise<Answer<SignIn>> {
  return auth.call('/api/v1/auth/login', { body: { email, password } });
}

export function answer(auth: AuthUnderTest, challengeId: string, code: string): Promise<Answer<SignIn>> {
  return auth.call('/api/v1/auth/mfa', { body: { challengeId, code } });
}

/** Enrols an authenticator for who signed in just now. */
export async function enrol(
  auth: AuthUnderTest,
  token: string,
): Promise<{ app: Authenticator; recoveryCodes: string[] }> {
  const begun = await auth.call<{ secret: string }>('/api/v1/auth/mfa/totp', { method: 'POST', token });
  if (begun.status !== 200) throw new Error(`totp → ${begun.status} ${JSON.stringify(begun.body)}`);
  const app = new Authenticator(begun.body.secret);
  const verified = await auth.call<{ recoveryCodes: string[] }>('/api/v1/auth/mfa/totp/verify', {
    token,
    body: { code: app.code() },
  });
  if (verified.status !== 200)
    throw new Error(`verify → ${verified.status} ${JSON.stringify(verified.body)}`);
  return { app, recoveryCodes: verified.body.recoveryCodes };
}

export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;
}
