import { CognitoSettings } from '@libs/aws';
import { Clock, TenantId, newId } from '@libs/kernel';
import { CognitoProtocolFake } from '@libs/testing';
import { ActingSession, Proven, SignInStep } from '../src/application/sign-in/identity-provider';
import { OwnSecondFactor } from '../src/application/sign-in/own-second-factor';
import { SessionGrants } from '../src/application/sessions/session-grants';
import { IdentityLinkedElsewhere } from '../src/domain/identity.errors';
import { Identity, IdentityRepository } from '../src/domain/identity.repository';
import { User } from '../src/domain/user';
import { createCognito } from '../src/infrastructure/cognito/create-cognito';
import { InMemoryMemberships, InMemoryUsers } from './in-memory-identity';

export const COGNITO_PASSWORD = 'Correto cavalo bateria 7';

export class InMemoryIdentities extends IdentityRepository {
  readonly links: (Identity & { userId: User['id'] })[] = [];
  async find({ issuer, subject }: Identity) {
    return this.links.find((each) => each.issuer === issuer && each.subject === subject)?.userId;
  }
  async link(identity: Identity, userId: User['id']): Promise<void> {
    const taken = this.links.find(
      (each) =>
        each.issuer === identity.issuer && (each.subject === identity.subject || each.userId === userId),
    );
    if (!taken) this.links.push({ ...identity, userId });
    else if (taken.userId !== userId || taken.subject !== identity.subject)
      throw new IdentityLinkedElsewhere();
  }
  async unlink(userId: User['id'], kept: string | undefined): Promise<string[]> {
    const gone = this.links.filter((each) => each.userId === userId && each.issuer !== kept);
    for (const each of gone) this.links.splice(this.links.indexOf(each), 1);
    return gone.map(({ issuer }) => issuer);
  }
  async ofUser(userId: User['id']): Promise<Identity[]> {
    return this.links.filter((each) => each.userId === userId);
  }
}

export class InMemoryGrants extends SessionGrants {
  readonly kept = new Map<string, string>();
  async keep({ sessionId }: ActingSession, grant: string): Promise<void> {
    this.kept.set(sessionId, grant);
  }
  async find({ sessionId }: ActingSession): Promise<string | undefined> {
    return this.kept.get(sessionId);
  }
  async renew(session: ActingSession, renewal: (grant: string) => Promise<string>) {
    const kept = this.kept.get(session.sessionId);
    if (kept === undefined) return undefined;
    const renewed = await renewal(kept);
    this.kept.set(session.sessionId, renewed);
    return renewed;
  }
  async forget({ sessionId }: ActingSession): Promise<void> {
    this.kept.delete(sessionId);
  }
}

/** Tells what it was asked; nobody has an authenticator in it. */
export class FakeOwnSecondFactor extends OwnSecondFactor {
  readonly isEnrolled = jest.fn(async () => false);
  readonly newSecret = jest.fn(() => 'A SECRET OF OURS');
  readonly enrol = jest.fn(async () => ['a recovery code']);
  readonly begin = jest.fn(async () => 'A SECRET OF OURS');
  readonly verify = jest.fn(async () => ['a recovery code']);
  readonly renewRecoveryCodes = jest.fn(async () => ['a recovery code']);
  readonly remove = jest.fn(async () => undefined);
}

/** Goes with the pool's clock. */
class PoolClock extends Clock {
  constructor(private readonly fake: CognitoProtocolFake) {
    super();
  }
  now(): Date {
    return new Date(this.fake.pool.now());
  }
}

/** Our side in memory, and the adapter to whatever answers like Cognito. */
export function cognitoAdapter(settings: CognitoSettings, clock: Clock) {
  const users = new InMemoryUsers();
  const memberships = new InMemoryMemberships();
  const identities = new InMemoryIdentities();
  const grants = new InMemoryGrants();
  const own = new FakeOwnSecondFactor();
  return {
    users,
    identities,
    grants,
    own,
    provider: createCognito(settings, { users, memberships, identities, grants, own, clock }),
  };
}

/** The adapter alone, on the strict fake, with our side in memory. */
export class CognitoUnderTest {
  readonly users;
  readonly identities;
  readonly grants;
  readonly provider;

  private constructor(
    readonly fake: CognitoProtocolFake,
    clientSecret: string | undefined,
  ) {
    const { endpoint, userPoolId, clientId } = fake;
    const settings = { region: 'local', endpoint, userPoolId, clientId, clientSecret };
    const parts = cognitoAdapter(settings, new PoolClock(fake));
    ({
      users: this.users,
      identities: this.identities,
      grants: this.grants,
      provider: this.provider,
    } = parts);
  }

  static async start(options: { clientSecret?: string; wrongSecret?: string } = {}) {
    const fake = await CognitoProtocolFake.start(options);
    return new CognitoUnderTest(fake, options.wrongSecret ?? options.clientSecret);
  }

  async stop(): Promise<void> {
    this.provider.onApplicationShutdown();
    await this.fake.stop();
  }

  /** A user of ours, as registering makes one. */
  user(email: string, passwordHash?: string): User {
    const user = User.register({ email, name: 'Dona', passwordHash, now: new Date() });
    this.users.users.push(user);
    return user;
  }

  /** A confirmed person at Cognito who is a user of ours. */
  both(email: string, changes: Partial<ReturnType<CognitoProtocolFake['person']>> = {}) {
    return {
      user: this.user(email),
      person: this.fake.pool.add({ email, password: COGNITO_PASSWORD, ...changes }),
    };
  }

  signIn(email: string, password = COGNITO_PASSWORD): Promise<SignInStep> {
    return this.provider.signIn({ email, password });
  }

  /** A session of ours that holds what the sign-in gave. */
  async session(email: string): Promise<ActingSession> {
    const { user, grant } = proven(await this.signIn(email));
    const session = { tenantId: newId<TenantId>(), userId: user.id, sessionId: newId() };
    await this.grants.keep(session, grant ?? '');
    return session;
  }
}

export function proven(step: SignInStep): Proven {
  if (step.state !== 'proven') throw new Error(`challenged: ${step.challenge}`);
  return step;
}
