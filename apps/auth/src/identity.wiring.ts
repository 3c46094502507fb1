import { ModuleMetadata, Provider } from '@nestjs/common';
import { ConfigError } from '@libs/config';
import { SqlSession } from '@libs/database';
import { Clock, TenantTransaction } from '@libs/kernel';
import { OneTimeStore, RateLimiter } from '@libs/redis';
import { AdvanceSignIn } from './application/sign-in/advance-sign-in';
import { AnswerChallenge } from './application/sign-in/answer-challenge';
import { ChallengeStore } from './application/sign-in/challenge-store';
import { ChangePassword } from './application/sign-in/change-password';
import { CurrentSession } from './application/sessions/current-session';
import { FreshenSession } from './application/sessions/freshen-session';
import { GuessLimits } from './application/sign-in/guess-limits';
import { IdentityProvider } from './application/sign-in/identity-provider';
import { LogoutEverywhere } from './application/sessions/logout-everywhere';
import { Mailer } from './application/members/mailer';
import { OneTimeCodes } from './application/sign-in/one-time-codes';
import { PasswordHasher } from './application/sign-in/password-hasher';
import { RemoveTotp } from './application/sign-in/remove-totp';
import { RenewRecoveryCodes } from './application/sign-in/renew-recovery-codes';
import { ResetPassword } from './application/sign-in/reset-password';
import { OwnSecondFactor } from './application/sign-in/own-second-factor';
import { SecondFactorGate } from './application/sign-in/second-factor-gate';
import { SecondFactorSetUp } from './application/sign-in/second-factor-set-up';
import { SessionGrants } from './application/sessions/session-grants';
import { StepUp } from './application/sign-in/step-up';
import { VerifyTotp } from './application/sign-in/verify-totp';
import { AuthConfig } from './auth.config';
import { IdentityRepository } from './domain/identity.repository';
import { MembershipRepository } from './domain/membership.repository';
import { SecondFactorRepository } from './domain/second-factor.repository';
import { UserRepository } from './domain/user.repository';
import { OneTimeChallengeStore } from './infrastructure/challenges/one-time-challenge-store';
import { SealedOneTimeStore } from './infrastructure/challenges/sealed-one-time-store';
import { createCognito } from './infrastructure/cognito/create-cognito';
import { AuthenticatorCodes } from './infrastructure/local/authenticator-codes';
import { BackgroundMail } from './infrastructure/local/background-mail';
import { LimiterGuessLimits } from './infrastructure/local/limiter-guess-limits';
import { LocalIdentityProvider } from './infrastructure/local/local-identity-provider';
import { LocalPasswords } from './infrastructure/local/local-passwords';
import { LocalTotp } from './infrastructure/local/local-totp';
import { MailCodes } from './infrastructure/local/mail-codes';
import { PostgresSecondFactorRepository } from './infrastructure/postgres/postgres-second-factor.repository';
import { ChallengesController } from './interfaces/http/challenges.controller';
import { PasswordsController } from './interfaces/http/passwords.controller';
import { SecondFactorController } from './interfaces/http/second-factor.controller';

type Wiring = Required<Pick<ModuleMetadata, 'controllers' | 'providers'>>;

/** Who proves people, and the steps of a sign-in; spread into AuthModule. */
export function identityWiring(config: AuthConfig): Wiring {
  return {
    controllers: [ChallengesController, PasswordsController, SecondFactorController],
    providers: [
      AdvanceSignIn,
      AnswerChallenge,
      ChangePassword,
      CurrentSession,
      FreshenSession,
      LogoutEverywhere,
      RemoveTotp,
      RenewRecoveryCodes,
      ResetPassword,
      SecondFactorGate,
      SecondFactorSetUp,
      StepUp,
      VerifyTotp,
      {
        provide: SealedOneTimeStore,
        useFactory: (store: OneTimeStore) => new SealedOneTimeStore(config.signing.secret, store),
        inject: [OneTimeStore],
      },
      { provide: ChallengeStore, useClass: OneTimeChallengeStore },
      { provide: OneTimeCodes, useClass: AuthenticatorCodes },
      {
        provide: GuessLimits,
        useFactory: (limiter: RateLimiter) => new LimiterGuessLimits(limiter, config.loginLimit),
        inject: [RateLimiter],
      },
      // Whoever proves the password: Google's people too may have an authenticator of ours.
      {
        provide: SecondFactorRepository,
        useFactory: (transaction: TenantTransaction, sql: SqlSession) =>
          new PostgresSecondFactorRepository(config.signing.secret, transaction, sql),
        inject: [TenantTransaction, SqlSession],
      },
      { provide: OwnSecondFactor, useClass: LocalTotp },
      {
        provide: BackgroundMail,
        useFactory: (mailer: Mailer) => new BackgroundMail(mailer),
        inject: [Mailer],
      },
      ...identityProvider(config),
    ],
  };
}

function identityProvider(config: AuthConfig): Provider[] {
  if (config.identity.provider === 'cognito') return [cognitoProvider(config)];
  return [
    MailCodes,
    LocalPasswords,
    {
      provide: IdentityProvider,
      useFactory: (...parts: LocalParts) => new LocalIdentityProvider(...parts, config.identity),
      inject: [UserRepository, PasswordHasher, SecondFactorGate, LocalPasswords, OwnSecondFactor],
    },
  ];
}

function cognitoProvider({ cognito }: AuthConfig): Provider {
  if (!cognito)
    throw new ConfigError([
      'IDENTITY_PROVIDER is cognito: COGNITO_USER_POOL_ID and COGNITO_CLIENT_ID are missing',
    ]);
  return {
    provide: IdentityProvider,
    useFactory: (
      users: UserRepository,
      memberships: MembershipRepository,
      identities: IdentityRepository,
      grants: SessionGrants,
      own: OwnSecondFactor,
      clock: Clock,
    ) => createCognito(cognito, { users, memberships, identities, grants, own, clock }),
    inject: [UserRepository, MembershipRepository, IdentityRepository, SessionGrants, OwnSecondFactor, Clock],
  };
}

type LocalParts = [UserRepository, PasswordHasher, SecondFactorGate, LocalPasswords, OwnSecondFactor];
