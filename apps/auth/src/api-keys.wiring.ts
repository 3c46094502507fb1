import { ModuleMetadata } from '@nestjs/common';
import { ApiKeyMint } from './application/keys/api-key-mint';
import { CountApiKeyUses } from './application/keys/count-api-key-uses';
import { CreateApiKey } from './application/keys/create-api-key';
import { CreateApp } from './application/keys/create-app';
import { RegenerateApiKey } from './application/keys/regenerate-api-key';
import { RenameApp } from './application/keys/rename-app';
import { RevokeApiKey } from './application/keys/revoke-api-key';
import { ShowApiKeys } from './application/keys/show-api-keys';
import { ShowApps } from './application/keys/show-apps';
import { AuthConfig } from './auth.config';
import { ApiKeyRepository } from './domain/api-key.repository';
import { ApiKeyUsesRepository } from './domain/api-key-uses.repository';
import { AppRepository } from './domain/app.repository';
import { PepperedApiKeyMint } from './infrastructure/api-keys/peppered-api-key-mint';
import { PostgresApiKeyRepository } from './infrastructure/postgres/postgres-api-key.repository';
import { PostgresApiKeyUsesRepository } from './infrastructure/postgres/postgres-api-key-uses.repository';
import { PostgresAppRepository } from './infrastructure/postgres/postgres-app.repository';
import { ApiKeysController } from './interfaces/http/api-keys.controller';
import { AppsController } from './interfaces/http/apps.controller';
import { CountUsesOnApiKeyUsed } from './interfaces/messaging/count-uses-on-api-key-used.consumer';

/** Auth's part for applications and API keys; AuthModule takes it in. */
export function apiKeysWiring(
  config: Pick<AuthConfig, 'apiKeys'>,
): Required<Pick<ModuleMetadata, 'controllers' | 'providers'>> {
  return {
    controllers: [AppsController, ApiKeysController, CountUsesOnApiKeyUsed],
    providers: [
      CreateApp,
      RenameApp,
      ShowApps,
      CreateApiKey,
      RegenerateApiKey,
      RevokeApiKey,
      ShowApiKeys,
      CountApiKeyUses,
      { provide: AppRepository, useClass: PostgresAppRepository },
      { provide: ApiKeyRepository, useClass: PostgresApiKeyRepository },
      { provide: ApiKeyUsesRepository, useClass: PostgresApiKeyUsesRepository },
      { provide: ApiKeyMint, useValue: new PepperedApiKeyMint(config.apiKeys.peppers) },
    ],
  };
}
