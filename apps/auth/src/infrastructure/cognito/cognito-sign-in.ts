import { logger } from '@libs/logging';
import {
  Challenge,
  ChallengeAnswer,
  ChallengeDetails,
  SignInStep,
} from '../../application/sign-in/identity-provider';
import { ChallengeEnded, WeakPassword, WrongCode } from '../../domain/auth.errors';
import { UnknownChoice } from '../../domain/identity.errors';
import { choosePassword } from '../../domain/password';
import { AuthenticationMethod } from '../../domain/session';
import { AuthAnswer, CognitoApi } from './cognito-api';
import { unavailable, verdict, Verdicts } from './cognito-faults';
import { CognitoGrants } from './cognito-grants';
import { CognitoPeople } from './cognito-people';
import { CognitoTokens } from './cognito-tokens';

/** What must be known when the answer comes. Kept by us, never shown. */
interface Continuation {
  challenge: Challenge;
  session: string;
  username: string;
  methods: AuthenticationMethod[];
  options?: Challenge[];
}
type Progress = Pick<Continuation, 'username' | 'methods'>;

const log = logger('cognito');
/** Both kinds of code; anything else Cognito would refuse as malformed. */
const CODE = /^\d{6}$/;
const CHALLENGES: readonly string[] = [
  'SMS_MFA',
  'SOFTWARE_TOKEN_MFA',
  'NEW_PASSWORD_REQUIRED',
  'MFA_SETUP',
  'SELECT_MFA_TYPE',
] satisfies Challenge[];

/** The steps of a sign-in at Cognito, from the password to tokens. */
export class CognitoSignIn {
  constructor(
    private readonly api: CognitoApi,
    private readonly tokens: CognitoTokens,
    private readonly people: CognitoPeople,
    private readonly grants: CognitoGrants,
  ) {}

  /** The step that Cognito's answer to the password, or to a challenge, leads to. */
  async step(answer: AuthAnswer, progress: Progress): Promise<SignInStep> {
    const { AuthenticationResult: given, ChallengeName: name, Session: session } = answer;
    if (given) {
      const user = await this.people.userOf(await this.tokens.personOf(given));
      return { state: 'proven', user, methods: progress.methods, grant: this.grants.grantOf(given) };
    }
    if (!isChallenge(name) || !session)
      throw unavailable(new Error(`the challenge ${name} is not enabled here`));
    const parameters = answer.ChallengeParameters ?? {};
    // In a pool whose names are e-mails, the name that Cognito gave the person; only that one answers challenges.
    const username = parameters.USER_ID_FOR_SRP ?? progress.username;
    return this.challenged({ challenge: name, session, username, methods: progress.methods }, parameters);
  }

  /**
   * Whose password this is: Cognito confirms a reset without saying for whom, and its e-mails move without our knowing.
   * Nothing where it does not say.
   */
  async subjectOf(username: string, password: string): Promise<string | undefined> {
    try {
      const { AuthenticationResult: given, ChallengeParameters } = await this.api.signIn(username, password);
      return given ? (await this.tokens.personOf(given)).subject : ChallengeParameters?.USER_ID_FOR_SRP;
    } catch (error) {
      log.warn({ err: verdict(error, {}) }, 'whose password was reset is told by the e-mail alone');
      return undefined;
    }
  }

  /** @throws WrongCode, ChallengeEnded, WeakPassword, UnknownChoice */
  async answer(challenge: Challenge, continuation: string, answer: ChallengeAnswer): Promise<SignInStep> {
    const progress = JSON.parse(continuation) as Continuation;
    if (progress.challenge !== challenge) throw new ChallengeEnded();
    const next = await this.respond(progress, answer).catch((error: unknown) => {
      throw verdict(error, verdictsOn(challenge));
    });
    return this.step(next, { ...progress, methods: methodsAfter(challenge, progress.methods) });
  }

  private async challenged(next: Continuation, parameters: Record<string, string>): Promise<SignInStep> {
    const details: ChallengeDetails = {};
    if (next.challenge === 'SMS_MFA') details.destination = parameters.CODE_DELIVERY_DESTINATION;
    if (next.challenge === 'SELECT_MFA_TYPE')
      details.options = next.options = named(parameters.MFAS_CAN_CHOOSE);
    if (next.challenge === 'MFA_SETUP') {
      const { SecretCode, Session } = await this.api
        .associateAuthenticator({ Session: next.session })
        .catch((error: unknown) => {
          throw verdict(error, { session_over: () => new ChallengeEnded() });
        });
      details.secret = SecretCode;
      next.session = Session ?? next.session;
    }
    return {
      state: 'challenged',
      challenge: next.challenge,
      continuation: JSON.stringify(next),
      ...(Object.keys(details).length > 0 ? { details } : {}),
    };
  }

  private async respond(progress: Continuation, answer: ChallengeAnswer): Promise<AuthAnswer> {
    const { challenge, username } = progress;
    const respond = (responses: Record<string, string>, session = progress.session) =>
      this.api.respond({ challenge, session, username, responses });
    switch (challenge) {
      case 'SMS_MFA':
        return respond({ SMS_MFA_CODE: codeIn(answer) });
      case 'SOFTWARE_TOKEN_MFA':
        return respond({ SOFTWARE_TOKEN_MFA_CODE: codeIn(answer) });
      case 'NEW_PASSWORD_REQUIRED':
        return respond({ NEW_PASSWORD: choosePassword(answer.password ?? '', [username]) });
      case 'SELECT_MFA_TYPE':
        if (!answer.choice || !progress.options?.includes(answer.choice)) throw new UnknownChoice();
        return respond({ ANSWER: answer.choice });
      case 'MFA_SETUP': {
        const verified = await this.api.verifyAuthenticator({ Session: progress.session }, codeIn(answer));
        if (verified.Status !== 'SUCCESS') throw new WrongCode();
        return respond({}, verified.Session);
      }
    }
  }
}

export function refusedPassword(): WeakPassword {
  return new WeakPassword(
    'password_refused',
    'The password does not meet the rules of the user pool: mix lower and upper case, digits and symbols.',
  );
}

function verdictsOn(challenge: Challenge): Verdicts {
  return {
    wrong_code: () => new WrongCode(),
    // A code of an app that was used: the next one comes within 30 s. A text message is not sent again.
    stale_code: () => (challenge === 'SMS_MFA' ? new ChallengeEnded() : new WrongCode()),
    session_over: () => new ChallengeEnded(),
    refused: () => new ChallengeEnded(),
    weak_password: refusedPassword,
    malformed: () => (challenge === 'NEW_PASSWORD_REQUIRED' ? refusedPassword() : new WrongCode()),
  };
}

function methodsAfter(challenge: Challenge, methods: AuthenticationMethod[]): AuthenticationMethod[] {
  if (challenge === 'SMS_MFA') return [...methods, 'sms', 'mfa'];
  return challenge === 'SOFTWARE_TOKEN_MFA' || challenge === 'MFA_SETUP'
    ? [...methods, 'otp', 'mfa']
    : methods;
}

function codeIn({ code }: ChallengeAnswer): string {
  if (!code || !CODE.test(code)) throw new WrongCode();
  return code;
}

function isChallenge(name: string | undefined): name is Challenge {
  return name !== undefined && CHALLENGES.includes(name);
}

/** `["SMS_MFA","SOFTWARE_TOKEN_MFA"]`, a string in a JSON document. */
function named(list = '[]'): Challenge[] {
  const names: unknown = JSON.parse(list);
  return Array.isArray(names) ? names.filter(isChallenge) : [];
}
