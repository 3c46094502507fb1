import { createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** An exception as Cognito words it. */
export class Refusal extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

export type Factor = 'SMS_MFA' | 'SOFTWARE_TOKEN_MFA';

/** A person of the pool. Tests may change one, as an administrator would. */
export interface FakePerson {
  readonly sub: string;
  email: string;
  emailVerified: boolean;
  password: string;
  status: 'UNCONFIRMED' | 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD' | 'RESET_REQUIRED';
  enabled: boolean;
  phone?: string;
  factors: Factor[];
  /** Base32; of the authenticator that is asked for, and of the one that is being enrolled. */
  authenticator?: string;
  enrolling?: string;
  /** The last 30 s step whose code was taken. */
  lastStep: number;
  failures: number;
  lockedUntil: number;
}

interface Session {
  person: FakePerson;
  challenge: string;
  endsAt: number;
  triesLeft: number;
  /** SMS_MFA: the code that was sent. MFA_SETUP: whether the authenticator was verified. */
  code?: string;
  verified?: boolean;
}

const CODE_SECONDS = 3600;
const TRIES = 5;

/** Who is in the pool, what was sent to them, and the sessions between two steps of a sign-in. */
export class CognitoFakePool {
  readonly people: FakePerson[] = [];
  /** The last code sent to an address or a number. */
  readonly sent = new Map<string, string>();
  sessionSeconds = 180;
  /** Moves the pool's clock. */
  offsetMs = 0;
  private readonly sessions = new Map<string, Session>();
  private readonly spent = new Set<string>();
  private readonly codes = new Map<string, { code: string; endsAt: number }>();

  constructor(
    readonly clientId: string,
    readonly clientSecret: string | undefined,
  ) {}

  now(): number {
    return Date.now() + this.offsetMs;
  }

  add(person: Partial<FakePerson> & Pick<FakePerson, 'email' | 'password'>): FakePerson {
    const whole: FakePerson = {
      sub: randomUUID(),
      emailVerified: true,
      status: 'CONFIRMED',
      enabled: true,
      factors: [],
      lastStep: 0,
      failures: 0,
      lockedUntil: 0,
      ...person,
    };
    this.people.push(whole);
    return whole;
  }

  /** User names of this pool are e-mails, in any case; the sub names a person too. */
  find(username: string): FakePerson | undefined {
    const name = username.toLowerCase();
    return this.people.find((person) => person.sub === name || person.email.toLowerCase() === name);
  }

  checkClient(clientId: unknown, username: string, secretHash: unknown): void {
    this.checkClientId(clientId);
    if (!this.clientSecret) {
      if (secretHash !== undefined)
        throw refused(`Client ${this.clientId} is not configured with secret but secret hash was received`);
      return;
    }
    if (secretHash === undefined)
      throw refused(`Client ${this.clientId} is configured with secret but SECRET_HASH was not received`);
    const right = createHmac('sha256', this.clientSecret)
      .update(username + this.clientId)
      .digest('base64');
    if (secretHash !== right) throw refused(`Unable to verify secret hash for client ${this.clientId}`);
  }

  checkClientId(clientId: unknown): void {
    if (clientId !== this.clientId)
      throw new Refusal('ResourceNotFoundException', `User pool client ${String(clientId)} does not exist.`);
  }

  /** A code to an address, for one purpose at a time. */
  send(to: string, purpose: string): string {
    const code = String(randomInt(0, 1_000_000)).padStart(6, '0');
    this.sent.set(to, code);
    this.codes.set(`${purpose} ${to}`, { code, endsAt: this.now() + CODE_SECONDS * 1000 });
    return code;
  }

  takeCode(to: string, purpose: string, code: string): void {
    const kept = this.codes.get(`${purpose} ${to}`);
    if (!kept || kept.endsAt <= this.now())
      throw new Refusal('ExpiredCodeException', 'Invalid code provided, please request a code again.');
    if (kept.code !== code)
      throw new Refusal('CodeMismatchException', 'Invalid verification code provided, please try again.');
    this.codes.delete(`${purpose} ${to}`);
  }

  openSession(person: FakePerson, challenge: string, more: Partial<Session> = {}): string {
    const id = randomBytes(96).toString('base64url');
    const endsAt = this.now() + this.sessionSeconds * 1000;
    this.sessions.set(id, { person, challenge, endsAt, triesLeft: TRIES, ...more });
    return id;
  }

  /** The session, which lives on until `closeSession`: a wrong code may be tried again. */
  session(id: unknown, challenge: string, username?: string): Session {
    if (typeof id !== 'string' || id.length < 20 || id.length > 2048)
      throw new Refusal('InvalidParameterException', 'Missing required parameter Session');
    if (this.spent.has(id)) throw refused('Invalid session for the user, session can only be used once.');
    const session = this.sessions.get(id);
    if (!session || session.challenge !== challenge) throw refused('Invalid session for the user.');
    if (session.endsAt <= this.now()) throw refused('Invalid session for the user, session is expired.');
    // A password step of one person opens no second factor of another.
    if (username !== undefined && username !== session.person.sub)
      throw refused('Invalid session for the user.');
    return session;
  }

  closeSession(id: string): void {
    this.sessions.delete(id);
    this.spent.add(id);
  }

  /** Counts a wrong code; the last one ends the session. */
  missed(id: string, session: Session): void {
    session.triesLeft -= 1;
    if (session.triesLeft === 0) this.closeSession(id);
  }

  /** @throws CodeMismatchException, and ExpiredCodeException for a code that was used */
  takeTotp(person: FakePerson, secret: string, code: string): void {
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    const delta = totp.validate({ token: code, window: 1, timestamp: this.now() });
    if (delta === null) throw new Refusal('CodeMismatchException', 'Invalid code received for user');
    const step = Math.floor(this.now() / 30_000) + delta;
    if (step <= person.lastStep)
      throw new Refusal('ExpiredCodeException', 'Your software token has already been used once.');
    person.lastStep = step;
  }
}

export function refused(message: string): Refusal {
  return new Refusal('NotAuthorizedException', message);
}
