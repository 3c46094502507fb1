import { EventPublisher } from '@libs/kernel';
import { DynamicModule, Module, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { ModuleMetadata } from '@nestjs/common';
import { OutboxRelay, RelayOptions } from './outbox-relay';

export interface RelayModuleOptions extends Omit<RelayOptions, 'publisher'> {
  /** The module that exports EventPublisher: the same object the app imports, or Nest makes a second one. */
  imports: NonNullable<ModuleMetadata['imports']>;
  /** The environment variable `url` came from, for messages. Default DATABASE_RELAY_URL. */
  urlVariable?: string;
}

/** Runs an OutboxRelay for as long as the application lives. */
@Module({})
export class RelayModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly relay: OutboxRelay) {}

  /** Boot fails with a ConfigError when the role could pass row-level security. */
  static forRoot({ imports, urlVariable, ...options }: RelayModuleOptions): DynamicModule {
    return {
      module: RelayModule,
      imports,
      providers: [
        {
          provide: OutboxRelay,
          useFactory: async (publisher: EventPublisher) => {
            const relay = new OutboxRelay({ ...options, publisher });
            await relay.refuseUnsafeRole(urlVariable ?? 'DATABASE_RELAY_URL');
            return relay;
          },
          inject: [EventPublisher],
        },
      ],
      exports: [OutboxRelay],
    };
  }

  onApplicationBootstrap(): void {
    this.relay.start();
  }

  /** After consumers and HTTP have stopped, so that what they recorded last still goes out. */
  async onApplicationShutdown(): Promise<void> {
    await this.relay.stop();
  }
}
