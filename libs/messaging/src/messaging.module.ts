import { DynamicModule, Module } from '@nestjs/common';
import { EventPublisher } from '@libs/kernel';
import { eventPublisher } from './event-publishers';
import { MessagingSettings } from './messaging.settings';

/** Binds EventPublisher to Kafka or the PostgreSQL log. */
@Module({})
export class MessagingModule {
  static forRoot(settings: MessagingSettings): DynamicModule {
    return {
      module: MessagingModule,
      providers: [{ provide: EventPublisher, useFactory: () => eventPublisher(settings) }],
      exports: [EventPublisher],
    };
  }
}
