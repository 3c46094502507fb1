import { Injectable } from '@nestjs/common';
import { DeadLetters } from '@libs/database';
import { DomainError, EventPublisher, isUuid, TenantId, TenantTransaction } from '@libs/kernel';
import { logger } from '@libs/logging';
import { DeadLetter, deadLetter, Poisoned, Received } from '@libs/messaging';

const log = logger('consolidated.poison');

/** Sets aside messages that can never be digested, so that the line moves on. */
@Injectable()
export class Poison {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly letters: DeadLetters,
    private readonly publisher: EventPublisher,
  ) {}

  /**
   * Commits a row first, for the row is the truth, and then sends the copy. Call it before acknowledging: after a crash in
   * between, both happen twice, which is harmless.
   */
  async setAside(source: string, poisoned: readonly Poisoned<Received>[]): Promise<void> {
    if (poisoned.length === 0) return;
    const letters = poisoned.map(({ row, error }) => ({
      key: row.envelope.tenantId,
      text: row.text,
      ...reasonOf(error),
    }));
    await this.keep(source, letters);
    await deadLetter(this.publisher, source, letters);
    for (const { row, error } of poisoned)
      log.error({ messageId: row.envelope.id, source, reason: reasonOf(error).reason }, 'message set aside');
  }

  /** Commits the rows alone: the transport sends the copies of what it gives up itself. */
  async keep(source: string, letters: readonly DeadLetter[]): Promise<void> {
    const rows = letters.map(({ key, reason, detail, text }) => ({
      tenantId: isUuid(key) ? key : undefined,
      source,
      reason,
      detail,
      payload: text,
    }));
    const tenantIds = [...new Set(rows.flatMap(({ tenantId }) => tenantId ?? []))] as TenantId[];
    await this.transaction.runFor(tenantIds, () => this.letters.add(rows));
  }
}

function reasonOf(error: unknown): { reason: string; detail: string } {
  const detail = error instanceof Error ? error.message : String(error);
  return { reason: error instanceof DomainError ? error.code : 'invalid_data', detail };
}
