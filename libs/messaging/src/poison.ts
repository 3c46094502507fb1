import { Injectable } from '@nestjs/common';
import { DeadLetters } from '@libs/database';
import { EventPublisher, isUuid, TenantId, TenantTransaction } from '@libs/kernel';
import { logger } from '@libs/logging';
import { DeadLetter, deadLetter } from './dead-letter';

const log = logger('poison');

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
  async setAside(source: string, letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    await this.keep(source, letters);
    await deadLetter(this.publisher, source, letters);
    log.error({ source, reasons: letters.map(({ reason }) => reason) }, 'messages set aside');
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
