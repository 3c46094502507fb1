import { CognitoFakeGrants } from './cognito-fake-grants';
import { CognitoFakePool, FakePerson, refused, Refusal } from './cognito-fake-pool';

export type Body = Record<string, unknown>;

const PASSWORD_FORM = /^\S.*\S$/;
const RULES: readonly [RegExp, string][] = [
  [/.{8}/u, 'Password not long enough'],
  [/[A-Z]/, 'Password must have uppercase characters'],
  [/[a-z]/, 'Password must have lowercase characters'],
  [/\d/, 'Password must have numeric characters'],
];

/** The calls about an account: making it, its codes, its password. */
export class CognitoFakeAccounts {
  /** What `PreventUserExistenceErrors: ENABLED` does. */
  hidesUnknown = true;

  constructor(
    protected readonly pool: CognitoFakePool,
    protected readonly grants: CognitoFakeGrants,
  ) {}

  SignUp(body: Body): object {
    const username = this.named(body);
    const password = text(body, 'Password');
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(username) || username.length > 128)
      throw new Refusal('InvalidParameterException', 'Username should be an email.');
    this.checkPassword(password);
    if (this.pool.find(username))
      throw new Refusal('UsernameExistsException', 'An account with the given email already exists.');
    const person = this.pool.add({
      email: username,
      password,
      status: 'UNCONFIRMED',
      emailVerified: false,
    });
    this.pool.send(username, 'sign-up');
    return { UserConfirmed: false, UserSub: person.sub, CodeDeliveryDetails: delivery(username) };
  }

  ConfirmSignUp(body: Body): object {
    const username = this.named(body);
    const person = this.known(
      username,
      new Refusal('CodeMismatchException', 'Invalid verification code provided, please try again.'),
    );
    if (person.status !== 'UNCONFIRMED')
      throw refused('User cannot be confirmed. Current status is CONFIRMED');
    this.pool.takeCode(person.email, 'sign-up', text(body, 'ConfirmationCode'));
    person.status = 'CONFIRMED';
    person.emailVerified = true;
    return {};
  }

  ResendConfirmationCode(body: Body): object {
    const username = this.named(body);
    const person = this.pool.find(username);
    if (!person && !this.hidesUnknown) throw unknown();
    if (person && person.status !== 'UNCONFIRMED')
      throw new Refusal('InvalidParameterException', 'User is already confirmed.');
    if (person) this.pool.send(person.email, 'sign-up');
    return { CodeDeliveryDetails: delivery(username) };
  }

  GetUser(body: Body): object {
    const { sub, email, factors } = this.grants.holder(body.AccessToken);
    const UserAttributes = [
      { Name: 'sub', Value: sub },
      { Name: 'email', Value: email },
    ];
    return { Username: sub, UserAttributes, ...(factors.length ? { UserMFASettingList: factors } : {}) };
  }

  GlobalSignOut(body: Body): object {
    this.grants.revokeAll(this.grants.holder(body.AccessToken));
    return {};
  }

  ChangePassword(body: Body): object {
    const person = this.grants.holder(body.AccessToken);
    this.tryPassword(person, text(body, 'PreviousPassword'));
    this.checkPassword(text(body, 'ProposedPassword'));
    person.password = text(body, 'ProposedPassword');
    return {};
  }

  ForgotPassword(body: Body): object {
    const username = this.named(body);
    const person = this.pool.find(username);
    if (!person && !this.hidesUnknown) throw unknown();
    if (person && (!person.emailVerified || person.status === 'UNCONFIRMED'))
      throw new Refusal(
        'InvalidParameterException',
        'Cannot reset password for the user as there is no registered/verified email or phone_number',
      );
    if (person && !person.enabled) throw refused('User is disabled.');
    if (person) this.pool.send(person.email, 'reset');
    return { CodeDeliveryDetails: delivery(username) };
  }

  ConfirmForgotPassword(body: Body): object {
    const username = this.named(body);
    const person = this.known(
      username,
      new Refusal('CodeMismatchException', 'Invalid verification code provided, please try again.'),
    );
    this.checkPassword(text(body, 'Password'));
    this.pool.takeCode(person.email, 'reset', text(body, 'ConfirmationCode'));
    person.password = text(body, 'Password');
    person.status = 'CONFIRMED';
    return {};
  }

  protected tryPassword(person: FakePerson, password: string): void {
    if (!person.enabled) throw refused('User is disabled.');
    if (person.lockedUntil > this.pool.now()) throw refused('Password attempts exceeded');
    if (person.password === password) {
      person.failures = 0;
      return;
    }
    person.failures += 1;
    // The fifth failure locks for a second, and every further one for twice as long, up to 15 min.
    if (person.failures >= 5)
      person.lockedUntil = this.pool.now() + 1000 * Math.min(900, 2 ** (person.failures - 5));
    throw refused('Incorrect username or password.');
  }

  protected checkPassword(password: string): void {
    if (!PASSWORD_FORM.test(password) || password.length > 256)
      throw new Refusal('InvalidParameterException', "Value at 'password' failed to satisfy constraint");
    for (const [form, what] of RULES)
      if (!form.test(password))
        throw new Refusal('InvalidPasswordException', `Password did not conform with policy: ${what}`);
  }

  private named(body: Body): string {
    const username = text(body, 'Username');
    this.pool.checkClient(body.ClientId, username, body.SecretHash);
    return username;
  }

  protected known(username: string, otherwise: Refusal): FakePerson {
    const person = this.pool.find(username);
    if (!person) throw this.hidesUnknown ? otherwise : unknown();
    return person;
  }
}

export function text(body: Body, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '')
    throw new Refusal(
      'InvalidParameterException',
      `1 validation error detected: Value at '${name}' is missing`,
    );
  return value;
}

export function required(parameters: Body, name: string): string {
  const value = parameters[name];
  if (typeof value !== 'string' || value === '')
    throw new Refusal('InvalidParameterException', `Missing required parameter ${name}`);
  return value;
}

function unknown(): Refusal {
  return new Refusal('UserNotFoundException', 'User does not exist.');
}

function delivery(to: string): object {
  return {
    AttributeName: 'email',
    DeliveryMedium: 'EMAIL',
    Destination: `${to[0]}***@${to.split('@')[1]?.[0]}***`,
  };
}
