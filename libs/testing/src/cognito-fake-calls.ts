import { Secret } from 'otpauth';
import { Body, CognitoFakeAccounts, required, text } from './cognito-fake-accounts';
import { FakePerson, refused, Refusal } from './cognito-fake-pool';

/** All calls that an app client makes, refused where Cognito refuses them. */
export class CognitoFakeCalls extends CognitoFakeAccounts {
  mfa: 'OFF' | 'OPTIONAL' | 'ON' = 'OPTIONAL';

  InitiateAuth(body: Body): object {
    const flow = body.AuthFlow;
    this.pool.checkClientId(body.ClientId);
    if (flow === 'REFRESH_TOKEN_AUTH' && this.grants.rotation)
      throw new Refusal(
        'InvalidParameterException',
        'Refresh token rotation is enabled for the client: REFRESH_TOKEN_AUTH flow not enabled',
      );
    if (flow !== 'USER_PASSWORD_AUTH')
      throw new Refusal('InvalidParameterException', `${String(flow)} flow not enabled for this client`);
    const parameters = (body.AuthParameters ?? {}) as Body;
    const username = required(parameters, 'USERNAME');
    const password = required(parameters, 'PASSWORD');
    this.pool.checkClient(body.ClientId, username, parameters.SECRET_HASH);
    const person = this.known(username, refused('Incorrect username or password.'));
    this.checkSignIn(person, password);
    return this.after(person, ['password']);
  }

  RespondToAuthChallenge(body: Body): object {
    this.pool.checkClientId(body.ClientId);
    const responses = (body.ChallengeResponses ?? {}) as Body;
    const challenge = text(body, 'ChallengeName');
    const username = required(responses, 'USERNAME');
    this.pool.checkClient(body.ClientId, username, responses.SECRET_HASH);
    const id = body.Session as string;
    const session = this.pool.session(id, challenge, username);
    const { person } = session;
    const done = ['password', ...(challenge === 'NEW_PASSWORD_REQUIRED' ? [] : ['factor'])];
    try {
      switch (challenge) {
        case 'SMS_MFA':
          if (required(responses, 'SMS_MFA_CODE') !== session.code)
            throw new Refusal('CodeMismatchException', 'Invalid code or auth state for the user.');
          break;
        case 'SOFTWARE_TOKEN_MFA':
          this.pool.takeTotp(
            person,
            person.authenticator ?? '',
            required(responses, 'SOFTWARE_TOKEN_MFA_CODE'),
          );
          break;
        case 'NEW_PASSWORD_REQUIRED':
          this.checkPassword(required(responses, 'NEW_PASSWORD'));
          person.password = required(responses, 'NEW_PASSWORD');
          person.status = 'CONFIRMED';
          break;
        case 'MFA_SETUP':
          if (!session.verified) throw refused('Invalid session for the user.');
          break;
        case 'SELECT_MFA_TYPE': {
          const chosen = required(responses, 'ANSWER');
          if (!person.factors.some((factor) => factor === chosen))
            throw new Refusal('InvalidParameterException', 'Invalid ANSWER');
          this.pool.closeSession(id);
          return this.ask(person, chosen);
        }
        default:
          throw new Refusal('InvalidParameterException', `Unknown challenge ${challenge}`);
      }
    } catch (error) {
      if (error instanceof Refusal && /Code/.test(error.type)) this.pool.missed(id, session);
      throw error;
    }
    this.pool.closeSession(id);
    return this.after(person, done);
  }

  AssociateSoftwareToken(body: Body): object {
    const secret = new Secret({ size: 20 }).base32;
    if (body.Session === undefined) {
      this.grants.holder(body.AccessToken).enrolling = secret;
      return { SecretCode: secret };
    }
    const { person } = this.pool.session(body.Session, 'MFA_SETUP');
    this.pool.closeSession(body.Session as string);
    person.enrolling = secret;
    return { SecretCode: secret, Session: this.pool.openSession(person, 'MFA_SETUP') };
  }

  VerifySoftwareToken(body: Body): object {
    const code = text(body, 'UserCode');
    if (!/^[0-9]{6}$/.test(code))
      throw new Refusal('InvalidParameterException', "Value at 'userCode' failed to satisfy constraint");
    const id = body.Session;
    const person =
      id === undefined ? this.grants.holder(body.AccessToken) : this.pool.session(id, 'MFA_SETUP').person;
    if (!person.enrolling)
      throw new Refusal('InvalidParameterException', 'Software token was never associated');
    try {
      this.pool.takeTotp(person, person.enrolling, code);
    } catch {
      throw new Refusal('EnableSoftwareTokenMFAException', 'Code mismatch');
    }
    person.authenticator = person.enrolling;
    person.enrolling = undefined;
    if (id === undefined) return { Status: 'SUCCESS' };
    this.pool.closeSession(id as string);
    person.factors = ['SOFTWARE_TOKEN_MFA'];
    return { Status: 'SUCCESS', Session: this.pool.openSession(person, 'MFA_SETUP', { verified: true }) };
  }

  SetUserMFAPreference(body: Body): object {
    const person = this.grants.holder(body.AccessToken);
    const wanted = body.SoftwareTokenMfaSettings as { Enabled?: boolean } | undefined;
    if (wanted?.Enabled && !person.authenticator)
      throw new Refusal('InvalidParameterException', 'User has not verified software token mfa');
    const others = person.factors.filter((factor) => factor !== 'SOFTWARE_TOKEN_MFA');
    if (wanted) person.factors = wanted.Enabled ? [...others, 'SOFTWARE_TOKEN_MFA'] : others;
    return {};
  }

  GetTokensFromRefreshToken(body: Body): object {
    this.pool.checkClientId(body.ClientId);
    // This call wants the secret itself, where the others want a hash made with it.
    if (body.ClientSecret !== this.pool.clientSecret)
      throw refused('Invalid client secret or client secret was not received');
    return { AuthenticationResult: this.grants.exchange(body.RefreshToken) };
  }

  private after(person: FakePerson, done: readonly string[]): object {
    if (person.status === 'FORCE_CHANGE_PASSWORD') return this.ask(person, 'NEW_PASSWORD_REQUIRED');
    if (done.includes('factor') || this.mfa === 'OFF')
      return { AuthenticationResult: this.grants.give(person), ChallengeParameters: {} };
    const [only, ...more] = person.factors;
    if (only) return this.ask(person, more.length > 0 ? 'SELECT_MFA_TYPE' : only);
    return this.mfa === 'ON'
      ? this.ask(person, 'MFA_SETUP')
      : { AuthenticationResult: this.grants.give(person), ChallengeParameters: {} };
  }

  private ask(person: FakePerson, challenge: string): object {
    const ChallengeParameters: Record<string, string> = { USER_ID_FOR_SRP: person.sub };
    let code: string | undefined;
    if (challenge === 'SMS_MFA') {
      const phone = person.phone ?? '';
      code = this.pool.send(phone, 'factor');
      ChallengeParameters.CODE_DELIVERY_DELIVERY_MEDIUM = 'SMS';
      ChallengeParameters.CODE_DELIVERY_DESTINATION = `+*********${phone.slice(-4)}`;
    }
    if (challenge === 'SELECT_MFA_TYPE') ChallengeParameters.MFAS_CAN_CHOOSE = JSON.stringify(person.factors);
    if (challenge === 'MFA_SETUP') ChallengeParameters.MFAS_CAN_SETUP = '["SOFTWARE_TOKEN_MFA"]';
    if (challenge === 'NEW_PASSWORD_REQUIRED') ChallengeParameters.requiredAttributes = '[]';
    const Session = this.pool.openSession(person, challenge, { code });
    return { ChallengeName: challenge, ChallengeParameters, Session };
  }

  private checkSignIn(person: FakePerson, password: string): void {
    this.tryPassword(person, password);
    if (person.status === 'UNCONFIRMED')
      throw new Refusal('UserNotConfirmedException', 'User is not confirmed.');
    if (person.status === 'RESET_REQUIRED')
      throw new Refusal('PasswordResetRequiredException', 'Password reset required for the user');
  }
}
