import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ApiKeyChangedV1, topics } from '@libs/contracts';
import { Batch, EVENT_LOG } from '@libs/messaging';
import { KeepDirectory } from './keep-directory';

/** When auth makes, changes or revokes an API key, this service's copy follows. */
@Controller()
export class KeepApiKeyOnApiKeyChanged {
  constructor(private readonly directory: KeepDirectory) {}

  @EventPattern(topics.apiKeyChanged, EVENT_LOG)
  handle(@Payload() batch: Batch<ApiKeyChangedV1>): Promise<void> {
    return this.directory.apiKeys(batch);
  }
}
