import { DynamicModule, Module } from '@nestjs/common';
import { RedisModule, RedisSettings } from '@libs/redis';
import { DemoWriteKey } from './demo/demo-write-key';
import { TestKeyController } from './test-key.controller';

/** The platform's own application answers health, metrics and the API's documents for all, and the test page's key. */
@Module({})
export class PlatformModule {
  static forRoot(settings: { redis: RedisSettings }, demoKey: DemoWriteKey): DynamicModule {
    return {
      module: PlatformModule,
      // For the general limit, which holds for unknown paths too.
      imports: [RedisModule.forRoot(settings.redis)],
      controllers: [TestKeyController],
      providers: [{ provide: DemoWriteKey, useValue: demoKey }],
    };
  }
}
