import { DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule, SqlSession } from '@libs/database';
import { Clock, SystemClock } from '@libs/kernel';
import { MessagingModule } from '@libs/messaging';
import { Cache, RedisModule } from '@libs/redis';
import {
  DirectoryModule,
  KeepApiKeyOnApiKeyChanged,
  KeepDirectoryModule,
  SecurityModule,
} from '@libs/security';
import { AnswerCache } from './application/answer.cache';
import { Answers } from './application/answers';
import { AwaitRelease } from './application/await-release';
import { ConsolidateReleases } from './application/consolidate-releases';
import { ConsolidationReader } from './application/consolidation.reader';
import { KeepTenants } from './application/keep-tenants';
import { ReadBalance } from './application/read-balance';
import { ReadDay } from './application/read-day';
import { ReadRange } from './application/read-range';
import { RebuildRollup } from './application/rebuild-rollup';
import { ConsolidatedConfig, RebuildConfig } from './consolidated.config';
import { EntryLedger } from './domain/entry.ledger';
import { TenantDirectory } from './domain/tenant.directory';
import { PostgresConsolidationReader } from './infrastructure/postgres/postgres-consolidation.reader';
import { PostgresEntryLedger } from './infrastructure/postgres/postgres-entry.ledger';
import { PostgresTenantDirectory } from './infrastructure/postgres/postgres-tenant.directory';
import { VersionedAnswerCache } from './infrastructure/redis/versioned-answer.cache';
import { ConsolidatedController } from './interfaces/http/consolidated.controller';
import { ConsolidateOnReleasePosted } from './interfaces/messaging/consolidate-on-release-posted.consumer';
import { KeepTenantOnTenantChanged } from './interfaces/messaging/keep-tenant-on-tenant-changed.consumer';
import { Poison } from './interfaces/messaging/poison';

const SCHEMA = 'consolidated';
/** The consumer runs one batch a topic at a time, and now and then sets poison aside. */
const WORKER_POOL = 4;

/** Both halves share one AnswerCache: the readers must know which renewals the consumer still owes. */
@Module({})
export class AnswerCacheModule {
  static over(redis: DynamicModule, ttlSeconds: number): DynamicModule {
    return {
      module: AnswerCacheModule,
      imports: [redis],
      providers: [
        {
          provide: AnswerCache,
          useFactory: (cache: Cache) => new VersionedAnswerCache(cache, ttlSeconds),
          inject: [Cache],
        },
      ],
      exports: [AnswerCache],
    };
  }
}

/** The reading half: role consolidated_api, one tenant at a time. */
@Module({})
export class ConsolidatedReadingModule {
  constructor(private readonly sql: SqlSession) {}

  /** For readiness. @throws DatabaseUnavailable */
  async check(): Promise<void> {
    await this.sql.query('select 1');
  }

  static over(database: DynamicModule, cache: DynamicModule): DynamicModule {
    return {
      module: ConsolidatedReadingModule,
      imports: [database, cache],
      controllers: [ConsolidatedController],
      providers: [
        Answers,
        AwaitRelease,
        ReadDay,
        ReadRange,
        ReadBalance,
        { provide: Clock, useClass: SystemClock },
        { provide: ConsolidationReader, useClass: PostgresConsolidationReader },
        { provide: TenantDirectory, useClass: PostgresTenantDirectory },
      ],
    };
  }
}

/** The consuming half: role consolidated_worker, the tenants of the batch at hand. */
@Module({})
export class ConsolidatedConsumingModule {
  static forRoot(
    config: ConsolidatedConfig,
    { messaging, cache }: Record<'messaging' | 'cache', DynamicModule>,
  ): DynamicModule {
    const database = workerDatabase(config.worker.url);
    return {
      module: ConsolidatedConsumingModule,
      imports: [
        database,
        messaging,
        cache,
        KeepDirectoryModule.forRoot({ imports: [database], schema: SCHEMA }),
      ],
      controllers: [ConsolidateOnReleasePosted, KeepTenantOnTenantChanged, KeepApiKeyOnApiKeyChanged],
      providers: [
        ConsolidateReleases,
        KeepTenants,
        Poison,
        { provide: EntryLedger, useClass: PostgresEntryLedger },
        { provide: TenantDirectory, useClass: PostgresTenantDirectory },
      ],
    };
  }
}

@Module({})
export class ConsolidatedModule {
  static forRoot(config: ConsolidatedConfig): DynamicModule {
    // The same objects wherever they are imported: Nest would make a second one of a second description.
    const redis = RedisModule.forRoot(config.redis);
    const cache = AnswerCacheModule.over(redis, config.cacheTtlSeconds);
    const messaging = MessagingModule.forRoot(config.messaging);
    const database = DatabaseModule.forRoot({
      name: 'consolidated-api',
      schema: SCHEMA,
      ...config.database,
    });
    const directory = DirectoryModule.forRoot(config.hosts, {
      imports: [database],
      schema: SCHEMA,
      apiKeys: true,
    });
    return {
      module: ConsolidatedModule,
      imports: [
        redis,
        SecurityModule.forRoot(config.security, {
          imports: [redis, directory, messaging],
          apiKeys: config.apiKeys,
        }),
        ConsolidatedReadingModule.over(database, cache),
        ConsolidatedConsumingModule.forRoot(config, { messaging, cache }),
      ],
    };
  }
}

/** What `consolidated:rebuild` runs in. */
@Module({})
export class RebuildModule {
  static forRoot(config: RebuildConfig): DynamicModule {
    const redis = RedisModule.forRoot(config.redis);
    return {
      module: RebuildModule,
      imports: [workerDatabase(config.worker.url), AnswerCacheModule.over(redis, config.cacheTtlSeconds)],
      providers: [RebuildRollup, { provide: EntryLedger, useClass: PostgresEntryLedger }],
    };
  }
}

function workerDatabase(url: string): DynamicModule {
  return DatabaseModule.forRoot({
    name: 'consolidated-worker',
    schema: SCHEMA,
    url,
    urlVariable: 'DATABASE_WORKER_URL',
    poolMax: WORKER_POOL,
  });
}
