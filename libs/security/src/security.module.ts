import { DynamicModule, Module, ModuleMetadata, Provider, Type } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { ConfigError } from '@libs/config';
import { Clock, EventPublisher, SystemClock } from '@libs/kernel';
import { ExpiringSet } from '@libs/redis';
import { AccessTokenVerifier } from './access-token-verifier';
import { AccessTokenStrategy } from './access-token.strategy';
import { AccessGuard } from './access.guard';
import { ApiKeyDirectory } from './api-keys/api-key-directory';
import { ApiKeyPeppers } from './api-keys/api-key-peppers';
import { ApiKeyUsage } from './api-keys/api-key-usage';
import { ApiKeyVerifier } from './api-keys/api-key-verifier';
import { DenyListSnapshot } from './deny-list-snapshot';
import { JwksCache } from './jwks-cache';
import { HttpJwksSource, JwksSource } from './jwks.source';
import { LastingAccess } from './lasting-access';
import { SecuritySettings } from './security.settings';

export interface SecurityBindings {
  /** Must bring ExpiringSet: the very object that the app imports, `const redis = RedisModule.forRoot(…)`. */
  imports: NonNullable<ModuleMetadata['imports']>;
  /** Where keys come from instead of AUTH_JWKS_URL; exported by one of `imports`. */
  jwksSource?: Type<JwksSource>;
  /**
   * Lets API keys in where a route says so; `imports` must then bring ApiKeyDirectory and EventPublisher, too. Absent, as
   * in auth: the application takes no keys.
   */
  apiKeys?: { peppers: ApiKeyPeppers };
}

/**
 * The verifying side of auth. Importing it closes every route of the application but those that say @Authorize or
 * @Public.
 */
@Module({})
export class SecurityModule {
  static forRoot(
    settings: SecuritySettings,
    { imports, jwksSource, apiKeys }: SecurityBindings,
  ): DynamicModule {
    const source = jwksSource
      ? { provide: JwksSource, useExisting: jwksSource }
      : { provide: JwksSource, useFactory: () => httpSource(settings) };
    return {
      module: SecurityModule,
      imports,
      providers: [
        source,
        { provide: Clock, useClass: SystemClock },
        {
          provide: JwksCache,
          useFactory: (keys: JwksSource, clock: Clock) =>
            new JwksCache(keys, clock, (settings.jwksRefreshSeconds ?? 60) * 1000),
          inject: [JwksSource, Clock],
        },
        {
          provide: AccessTokenVerifier,
          useFactory: (keys: JwksCache, clock: Clock) => new AccessTokenVerifier(keys, settings, clock),
          inject: [JwksCache, Clock],
        },
        {
          provide: AccessTokenStrategy,
          useFactory: (verifier: AccessTokenVerifier) => new AccessTokenStrategy(verifier),
          inject: [AccessTokenVerifier],
        },
        {
          provide: DenyListSnapshot,
          useFactory: (set: ExpiringSet, clock: Clock) => new DenyListSnapshot(set, clock),
          inject: [ExpiringSet, Clock],
        },
        ...(apiKeys ? apiKeyProviders(apiKeys) : []),
        LastingAccess,
        Reflector,
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
      exports: [
        AccessTokenVerifier,
        DenyListSnapshot,
        JwksCache,
        LastingAccess,
        ...(apiKeys ? [ApiKeyVerifier, ApiKeyUsage] : []),
      ],
    };
  }
}

function apiKeyProviders({ peppers }: { peppers: ApiKeyPeppers }): Provider[] {
  return [
    {
      provide: ApiKeyVerifier,
      useFactory: (directory: ApiKeyDirectory, clock: Clock) => new ApiKeyVerifier(directory, peppers, clock),
      inject: [ApiKeyDirectory, Clock],
    },
    {
      provide: ApiKeyUsage,
      useFactory: (publisher: EventPublisher, clock: Clock) => new ApiKeyUsage(publisher, clock),
      inject: [EventPublisher, Clock],
    },
  ];
}

function httpSource({ jwksUrl }: SecuritySettings): JwksSource {
  if (!jwksUrl)
    throw new ConfigError(['AUTH_JWKS_URL is missing: a service must know where the public keys are']);
  return new HttpJwksSource(jwksUrl);
}
