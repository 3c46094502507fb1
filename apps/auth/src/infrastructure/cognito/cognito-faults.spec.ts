import { InvalidCredentials } from '../../domain/auth.errors';
import { Fault, faultOf, verdict } from './cognito-faults';

function thrown(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name });
}

const CASES: [string, string, Fault][] = [
  ['NotAuthorizedException', 'Incorrect username or password.', 'refused'],
  ['NotAuthorizedException', 'User is disabled.', 'refused'],
  ['NotAuthorizedException', 'Password attempts exceeded', 'limited'],
  ['NotAuthorizedException', 'Invalid session for the user.', 'session_over'],
  ['NotAuthorizedException', 'Invalid session for the user, session is expired.', 'session_over'],
  ['NotAuthorizedException', 'Access Token has been revoked', 'token_over'],
  ['NotAuthorizedException', 'Access Token has expired', 'token_over'],
  ['NotAuthorizedException', 'Refresh Token has expired', 'token_over'],
  ['NotAuthorizedException', 'Invalid Refresh Token', 'token_over'],
  ['NotAuthorizedException', 'Unable to verify secret hash for client abc', 'unavailable'],
  [
    'NotAuthorizedException',
    'Client abc is configured with secret but SECRET_HASH was not received',
    'unavailable',
  ],
  ['InvalidParameterException', 'USER_PASSWORD_AUTH flow not enabled for this client', 'unavailable'],
  ['InvalidParameterException', 'Missing required parameter USERNAME', 'unavailable'],
  ['InvalidParameterException', 'Username should be an email.', 'malformed'],
  ['UserNotFoundException', 'User does not exist.', 'refused'],
  ['ExpiredCodeException', 'Your software token has already been used once.', 'stale_code'],
  ['ResourceNotFoundException', 'User pool client abc does not exist.', 'unavailable'],
  ['TooManyRequestsException', 'Rate exceeded', 'unavailable'],
  ['LimitExceededException', 'Attempt limit exceeded, please try after some time.', 'limited'],
  ['InternalErrorException', '', 'unavailable'],
  ['TimeoutError', '', 'unavailable'],
  ['constructor', '', 'unavailable'],
];

describe('what Cognito throws', () => {
  it.each(CASES)('%s "%s" means %s', (name, message, fault) => {
    expect(faultOf(thrown(name, message))).toBe(fault);
  });

  it('is unavailable when it is no error at all', () => {
    expect(faultOf('text')).toBe('unavailable');
    expect(faultOf(undefined)).toBe('unavailable');
  });

  it('becomes what the call says, else one of the two errors any call may have', () => {
    const refused = { refused: () => new InvalidCredentials() };
    expect(verdict(thrown('UserNotFoundException'), refused).code).toBe('invalid_credentials');
    expect(verdict(thrown('UserNotFoundException'), {}).code).toBe('identity_provider_unavailable');
    expect(verdict(thrown('LimitExceededException'), {}).code).toBe('too_many_attempts');
    expect(verdict(new InvalidCredentials(), {}).code).toBe('invalid_credentials');
  });
});
