import { DynamicModule, Module } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { SystemClock, TenantTransaction } from '@libs/kernel';
import { KeyVault } from './infrastructure/keys/key-vault';
import { keysOfEnvironment } from './infrastructure/keys/keys-of-environment';
import { PostgresKeyRing } from './infrastructure/keys/postgres-key-ring';
import { ReloadSigningKeys } from './infrastructure/keys/reload-signing-keys';
import { SigningKeys } from './infrastructure/keys/signing-keys';

export interface SigningSettings {
  /** PEM, one or several; it takes precedence over what the database holds. */
  privateKey?: string;
  /** Opens and seals the keys in the database. */
  secret: string;
}

/** Apart from AuthModule, because the guard of SecurityModule needs the keys as much as the controllers do. */
@Module({})
export class KeysModule {
  /** @param database brings the role of auth's API */
  static forRoot({ privateKey, secret }: SigningSettings, database: DynamicModule): DynamicModule {
    const clock = new SystemClock();
    return {
      module: KeysModule,
      imports: [database],
      providers: [
        {
          provide: PostgresKeyRing,
          useFactory: (transaction: TenantTransaction, sql: SqlSession) =>
            new PostgresKeyRing(transaction, sql, new KeyVault(secret), clock),
          inject: [TenantTransaction, SqlSession],
        },
        {
          provide: SigningKeys,
          useFactory: async (ring: PostgresKeyRing) =>
            new SigningKeys(privateKey ? keysOfEnvironment(privateKey) : await ring.readOrMake(), clock),
          inject: [PostgresKeyRing],
        },
        {
          provide: ReloadSigningKeys,
          useFactory: (keys: SigningKeys, ring: PostgresKeyRing) =>
            new ReloadSigningKeys(keys, privateKey ? undefined : ring),
          inject: [SigningKeys, PostgresKeyRing],
        },
      ],
      exports: [SigningKeys],
    };
  }
}
