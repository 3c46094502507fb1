import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { PersonErasedV1, topics } from '@libs/contracts';
import { Clock, isUuid, TenantId, userIdOf } from '@libs/kernel';
import { Batch, EVENT_LOG, Received } from '@libs/messaging';
import { ErasePersons } from './erase-persons';
import { Erasure } from './erasure';
import { ImpossibleErasure } from './person.errors';

/** A clock may be wrong by as much; a mark of next year would keep out what the person does until then. */
const MAX_AHEAD_MS = 86_400_000;

/** When a person must be forgotten, whoever asked for it, this service's consumers forget them. */
@Controller()
export class ErasePersonsOnPersonErased {
  constructor(
    private readonly erasePersons: ErasePersons,
    private readonly clock: Clock,
  ) {}

  /** @throws ImpossibleErasure, MalformedUserId; the transport then isolates and dead-letters what cannot be */
  @EventPattern(topics.personErased, EVENT_LOG)
  async handle(@Payload() batch: Batch<PersonErasedV1>): Promise<void> {
    await this.erasePersons.execute(batch.messages.map((message) => this.erasureOf(message)));
  }

  private erasureOf({ envelope }: Received<PersonErasedV1>): Erasure {
    const { tenantId, requestId, payload } = envelope;
    const { erasureId, userId, erasedAt } = payload;
    if (!isUuid(erasureId)) throw new ImpossibleErasure('the id is not a UUID');
    const at = typeof erasedAt === 'string' ? Date.parse(erasedAt) : NaN;
    if (!(at <= this.clock.now().getTime() + MAX_AHEAD_MS))
      throw new ImpossibleErasure('erasedAt is not a time until now');
    return {
      tenantId: tenantId as TenantId,
      erasureId,
      userId: userIdOf(userId),
      erasedAt: new Date(at),
      requestId,
    };
  }
}
