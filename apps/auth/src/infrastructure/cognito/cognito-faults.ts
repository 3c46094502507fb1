import { DomainError } from '@libs/kernel';
import { logger } from '@libs/logging';
import { IdentityProviderUnavailable, TooManyAttempts } from '../../domain/auth.errors';

/** What Cognito meant; several of its exceptions mean one thing, and NotAuthorizedException means many. */
export type Fault =
  /** Wrong password, unknown or disabled person. */
  | 'refused'
  | 'unconfirmed'
  | 'reset_required'
  | 'exists'
  | 'weak_password'
  | 'wrong_code'
  /** Out of date, or used before. */
  | 'stale_code'
  /** The Session between two steps is over, or is somebody else's. */
  | 'session_over'
  /** The access or refresh token is. */
  | 'token_over'
  | 'no_authenticator'
  /** Something the person typed has a form that Cognito does not take. */
  | 'malformed'
  /** This person was tried too often. */
  | 'limited'
  /** Away, throttled as a whole, or set up in a way that cannot work. */
  | 'unavailable';

const log = logger('cognito');

const BY_NAME: ReadonlyMap<string, Fault> = new Map([
  ['UserNotFoundException', 'refused'],
  ['UserNotConfirmedException', 'unconfirmed'],
  ['PasswordResetRequiredException', 'reset_required'],
  ['UsernameExistsException', 'exists'],
  ['AliasExistsException', 'exists'],
  ['InvalidPasswordException', 'weak_password'],
  ['PasswordHistoryPolicyViolationException', 'weak_password'],
  ['CodeMismatchException', 'wrong_code'],
  ['EnableSoftwareTokenMFAException', 'wrong_code'],
  ['ExpiredCodeException', 'stale_code'],
  ['RefreshTokenReuseException', 'token_over'],
  ['SoftwareTokenMFANotFoundException', 'no_authenticator'],
  ['LimitExceededException', 'limited'],
  ['TooManyFailedAttemptsException', 'limited'],
]);

const UNFIT_SET_UP =
  /secret.?hash|client secret|flow not enabled|required parameter|is not enabled|not configured/i;
const TOKEN = /(access|refresh) token|token has (expired|been revoked)/i;

export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return 'unavailable';
  const known = BY_NAME.get(error.name);
  if (known) return known;
  if (error.name !== 'NotAuthorizedException' && error.name !== 'InvalidParameterException')
    return 'unavailable';
  // A client without its secret or its flow is our fault, and must not read as a wrong password.
  if (UNFIT_SET_UP.test(error.message)) return 'unavailable';
  if (error.name === 'InvalidParameterException') return 'malformed';
  if (/attempts exceeded/i.test(error.message)) return 'limited';
  if (/session/i.test(error.message)) return 'session_over';
  return TOKEN.test(error.message) ? 'token_over' : 'refused';
}

/** What a fault means for the call at hand; faults that are not named become one of the two that any call may have. */
export type Verdicts = Partial<Record<Fault, () => DomainError>>;

/** The one error that our callers know. */
export function verdict(error: unknown, verdicts: Verdicts): DomainError {
  if (error instanceof DomainError) return error;
  const fault = faultOf(error);
  const named = verdicts[fault];
  if (named) return named();
  return fault === 'limited' ? new TooManyAttempts() : unavailable(error);
}

/** Says why in the log alone: the caller can do nothing about it, the operator can. */
export function unavailable(error: unknown): IdentityProviderUnavailable {
  const { name: reason, message } = error instanceof Error ? error : new Error(String(error));
  if (UNFIT_SET_UP.test(message) || reason === 'ResourceNotFoundException')
    log.error({ reason, message }, 'the app client of the user pool is not set up as it must be');
  // Its words may name a person.
  else log.warn({ reason }, 'Cognito could not be used');
  return new IdentityProviderUnavailable(error);
}
