import { cognitoClient, cognitoIssuer, CognitoSettings } from '@libs/aws';
import { Clock } from '@libs/kernel';
import { OwnSecondFactor } from '../../application/sign-in/own-second-factor';
import { SessionGrants } from '../../application/sessions/session-grants';
import { IdentityRepository } from '../../domain/identity.repository';
import { MembershipRepository } from '../../domain/membership.repository';
import { UserRepository } from '../../domain/user.repository';
import { CognitoApi } from './cognito-api';
import { CognitoAuthenticators } from './cognito-authenticators';
import { CognitoFactors } from './cognito-factors';
import { CognitoGrants } from './cognito-grants';
import { CognitoIdentityProvider } from './cognito-identity-provider';
import { CognitoPeople } from './cognito-people';
import { CognitoSignIn } from './cognito-sign-in';
import { CognitoTokens } from './cognito-tokens';

/** The adapter with its parts. Asks Cognito nothing: a start must not depend on it. */
export function createCognito(
  settings: CognitoSettings,
  needed: {
    users: UserRepository;
    memberships: MembershipRepository;
    identities: IdentityRepository;
    grants: SessionGrants;
    own: OwnSecondFactor;
    clock: Clock;
  },
): CognitoIdentityProvider {
  const { users, memberships, identities, own, clock } = needed;
  const api = new CognitoApi(cognitoClient(settings), settings);
  const people = new CognitoPeople(users, identities, clock);
  const grants = new CognitoGrants(needed.grants, api, clock);
  const steps = new CognitoSignIn(api, new CognitoTokens(settings), people, grants);
  const factors = new CognitoFactors(api, grants, clock);
  return new CognitoIdentityProvider(
    api,
    steps,
    people,
    grants,
    factors,
    new CognitoAuthenticators(api, grants, factors),
    own,
    users,
    memberships,
    identities,
    cognitoIssuer(settings),
    clock,
  );
}
