import { DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule, RelayModule, SqlSession } from '@libs/database';
import { IdempotencySecret } from '@libs/http';
import { Clock, SystemClock, TenantTransaction } from '@libs/kernel';
import { MessagingModule } from '@libs/messaging';
import { RedisModule } from '@libs/redis';
import { DirectoryModule, SecurityModule } from '@libs/security';
import { AccessTokens } from './application/sessions/access-tokens';
import { AuditInbox } from './application/audit/audit-inbox';
import { AuditLog } from './application/audit/audit-log';
import { AuditReader, AuditVerifier } from './application/audit/audit-reader';
import { ExportAudit } from './application/audit/export-audit';
import { ListAudit } from './application/audit/list-audit';
import { RecordServiceAudit } from './application/audit/record-service-audit';
import { DenyList } from './application/sessions/deny-list';
import { DescribeMe } from './application/sign-in/describe-me';
import { EndAllSessions } from './application/sessions/end-all-sessions';
import { EndSession } from './application/sessions/end-session';
import { ListSessions } from './application/sessions/list-sessions';
import { Login } from './application/sign-in/login';
import { OpenSession } from './application/sessions/open-session';
import { PasswordHasher } from './application/sign-in/password-hasher';
import { PurgeDenials } from './application/sessions/purge-denials';
import { ReconcileDenyList } from './application/sessions/reconcile-deny-list';
import { RefreshSession } from './application/sessions/refresh-session';
import { RefreshTokens } from './application/sessions/refresh-tokens';
import { Register } from './application/tenants/register';
import { SessionGrants } from './application/sessions/session-grants';
import { apiKeysWiring } from './api-keys.wiring';
import { AuthConfig } from './auth.config';
import { googleWiring } from './google.wiring';
import { identityWiring } from './identity.wiring';
import { tenancyWiring } from './tenancy.wiring';
import { DenialRepository } from './domain/denial.repository';
import { IdentityRepository } from './domain/identity.repository';
import { MembershipRepository } from './domain/membership.repository';
import { SessionRepository } from './domain/session.repository';
import { TenantRepository } from './domain/tenant.repository';
import { UserRepository } from './domain/user.repository';
import { Argon2PasswordHasher } from './infrastructure/argon2/argon2-password-hasher';
import { AuditChain } from './infrastructure/audit/audit-chain';
import { PostgresAuditInbox } from './infrastructure/audit/postgres-audit-inbox';
import { PostgresAuditLog } from './infrastructure/audit/postgres-audit-log';
import { PostgresAuditReader } from './infrastructure/audit/postgres-audit-reader';
import { PostgresAuditVerifier } from './infrastructure/audit/postgres-audit-verifier';
import { SigningKeys } from './infrastructure/keys/signing-keys';
import { PostgresDenialRepository } from './infrastructure/postgres/postgres-denial.repository';
import { PostgresIdentityRepository } from './infrastructure/postgres/postgres-identity.repository';
import { PostgresMembershipRepository } from './infrastructure/postgres/postgres-membership.repository';
import { PostgresSessionGrants } from './infrastructure/postgres/postgres-session-grants';
import { PostgresSessionRepository } from './infrastructure/postgres/postgres-session.repository';
import { PostgresTenantRepository } from './infrastructure/postgres/postgres-tenant.repository';
import { PostgresUserRepository } from './infrastructure/postgres/postgres-user.repository';
import { ExpiringSetDenyList } from './infrastructure/redis/expiring-set-deny-list';
import { JwtAccessTokens } from './infrastructure/tokens/jwt-access-tokens';
import { OpaqueRefreshTokens } from './infrastructure/tokens/opaque-refresh-tokens';
import { AuditController } from './interfaces/http/audit.controller';
import { AuthController } from './interfaces/http/auth.controller';
import { JwksController, PublishedKeys } from './interfaces/http/jwks.controller';
import { MeController } from './interfaces/http/me.controller';
import { SessionsController } from './interfaces/http/sessions.controller';
import { RecordOnAuditRecorded } from './interfaces/messaging/record-on-audit-recorded.consumer';
import { PurgeDenialsSchedule } from './interfaces/schedule/purge-denials.schedule';
import { DenyListSchedule } from './interfaces/schedule/deny-list.schedule';
import { KeysModule } from './keys.module';

/** The one place that binds auth's ports to adapters. */
@Module({})
export class AuthModule {
  static forRoot(config: AuthConfig): DynamicModule {
    // The same objects wherever they are imported: Nest would make a second one of a second description.
    const redis = RedisModule.forRoot(config.redis);
    const messaging = MessagingModule.forRoot(config.messaging);
    const database = DatabaseModule.forRoot({ name: 'auth-api', schema: 'auth', ...config.database });
    const keys = KeysModule.forRoot(config.signing, database);
    const apiKeys = apiKeysWiring(config);
    const identity = identityWiring(config);
    const google = googleWiring(config);
    const tenancy = tenancyWiring(config);
    const directory = DirectoryModule.forRoot(config.hosts, { imports: [database], schema: 'auth' });
    return {
      module: AuthModule,
      imports: [
        redis,
        messaging,
        database,
        keys,
        RelayModule.forRoot({ imports: [messaging], schema: 'auth', ...config.relay }),
        SecurityModule.forRoot(config.tokens, {
          imports: [redis, keys, directory],
          jwksSource: SigningKeys,
        }),
        directory,
      ],
      controllers: [
        ...tenancy.controllers,
        ...apiKeys.controllers,
        ...identity.controllers,
        ...google.controllers,
        AuditController,
        AuthController,
        MeController,
        SessionsController,
        JwksController,
        RecordOnAuditRecorded,
      ],
      providers: [
        ...apiKeys.providers,
        ...identity.providers,
        ...google.providers,
        ...tenancy.providers,
        Register,
        Login,
        OpenSession,
        RefreshSession,
        EndSession,
        EndAllSessions,
        DescribeMe,
        ListSessions,
        ReconcileDenyList,
        DenyListSchedule,
        PurgeDenials,
        PurgeDenialsSchedule,
        { provide: Clock, useClass: SystemClock },
        { provide: UserRepository, useClass: PostgresUserRepository },
        { provide: TenantRepository, useClass: PostgresTenantRepository },
        { provide: MembershipRepository, useClass: PostgresMembershipRepository },
        { provide: SessionRepository, useClass: PostgresSessionRepository },
        { provide: IdentityRepository, useClass: PostgresIdentityRepository },
        {
          provide: SessionGrants,
          useFactory: (transaction: TenantTransaction, sql: SqlSession, clock: Clock) =>
            new PostgresSessionGrants(config.signing.secret, transaction, sql, clock),
          inject: [TenantTransaction, SqlSession, Clock],
        },
        { provide: DenialRepository, useClass: PostgresDenialRepository },
        { provide: DenyList, useClass: ExpiringSetDenyList },
        { provide: RefreshTokens, useClass: OpaqueRefreshTokens },
        { provide: PublishedKeys, useExisting: SigningKeys },
        // Every instance has it, and the same: the configuration asks for it.
        {
          provide: IdempotencySecret,
          useValue: new IdempotencySecret(config.signing.secret),
        },
        { provide: AuditChain, useValue: new AuditChain(config.signing.secret) },
        { provide: AuditLog, useClass: PostgresAuditLog },
        { provide: AuditInbox, useClass: PostgresAuditInbox },
        RecordServiceAudit,
        { provide: AuditReader, useClass: PostgresAuditReader },
        { provide: AuditVerifier, useClass: PostgresAuditVerifier },
        ListAudit,
        ExportAudit,
        { provide: PasswordHasher, useFactory: () => Argon2PasswordHasher.create(config.hashing) },
        {
          provide: AccessTokens,
          useFactory: (signingKeys: SigningKeys) => new JwtAccessTokens(signingKeys, config.tokens),
          inject: [SigningKeys],
        },
      ],
    };
  }
}
