import { DynamicModule, Module } from '@nestjs/common';
import { RedisModule, RedisSettings } from '@libs/redis';

/** The platform's own application has no route: it answers health, metrics and the API's documents for all. */
@Module({})
export class PlatformModule {
  static forRoot(settings: { redis: RedisSettings }): DynamicModule {
    // For the general limit, which holds for unknown paths too.
    return { module: PlatformModule, imports: [RedisModule.forRoot(settings.redis)] };
  }
}
