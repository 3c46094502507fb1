import { Injectable } from '@nestjs/common';
import { DomainError, FieldError } from '@libs/kernel';
import { Release } from '../domain/release';
import { ReleaseInput } from '../domain/release-draft';
import { BatchSizeRefused, NothingAccepted } from '../domain/release.errors';
import { AcceptRelease, Author } from './accept-release';
import { ReleaseQueue } from './release-queue';

export const MAX_BATCH = 1000;
export const BATCH_ROUTE = 'POST /releases/batch';

/** One item of a batch: its input, or why it could not even be read. */
export type BatchItem = ReleaseInput | DomainError;

/** What became of one item, in the order asked. */
export type ItemOutcome = { release: Release } | { refused: DomainError };

/** Accepts many releases at once; a bad one does not sink the others. */
@Injectable()
export class AcceptReleaseBatch {
  constructor(
    private readonly single: AcceptRelease,
    private readonly queue: ReleaseQueue,
  ) {}

  /**
   * Resolves once the queue has every acceptable one.
   * @throws BatchSizeRefused, NothingAccepted when every item is bad, QueueUnavailable
   */
  async execute(items: readonly BatchItem[], author: Author): Promise<ItemOutcome[]> {
    if (items.length === 0 || items.length > MAX_BATCH) throw new BatchSizeRefused(MAX_BATCH);
    const outcomes = items.map((item, index) => this.prepare(item, author, index));
    const accepted = outcomes.flatMap((outcome) => ('release' in outcome ? [outcome.release] : []));
    if (accepted.length === 0) throw new NothingAccepted(outcomes.flatMap(errorsOf));
    await this.queue.putAll(accepted);
    return outcomes;
  }

  private prepare(item: BatchItem, author: Author, index: number): ItemOutcome {
    if (item instanceof DomainError) return { refused: item };
    try {
      return { release: this.single.prepare(item, author, BATCH_ROUTE, index) };
    } catch (error) {
      if (error instanceof DomainError) return { refused: error };
      throw error;
    }
  }
}

function errorsOf(outcome: ItemOutcome, index: number): FieldError[] {
  if ('release' in outcome) return [];
  const { errors, code, message } = outcome.refused;
  if (!errors?.length) return [{ path: `releases.${index}`, code, message }];
  return errors.map((error) => ({
    ...error,
    path: error.path ? `releases.${index}.${error.path}` : `releases.${index}`,
  }));
}
