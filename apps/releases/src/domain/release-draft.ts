import { DomainError, Money } from '@libs/kernel';
import { canonicalJson, isStorableText, isStorableJson } from './canonical-json';
import { parseInstant } from './instant';
import {
  AmountRefused,
  MalformedDescription,
  MalformedMetadata,
  MetadataTooLarge,
  OccurredAtOutOfRange,
  ZeroAmount,
} from './release.errors';

/** What a client asks to release, its shape already checked. */
export interface ReleaseInput {
  description: string;
  /** Decimal string with two places; negative for a debit. */
  amount: string;
  /** RFC 3339 with an offset; the moment of acceptance by default. */
  occurredAt?: string;
  metadata?: Record<string, unknown>;
}

export type Metadata = Record<string, unknown>;

const MAX_DESCRIPTION = 200;
const MAX_METADATA_BYTES = 4096;
const EARLIEST = new Date('1900-01-01T00:00:00.000Z');

/** A release that makes sense but has no id, no author and perhaps no time yet. */
export class ReleaseDraft {
  private constructor(
    readonly description: string,
    readonly amount: Money,
    readonly occurredAt: Date | undefined,
    readonly metadata: Metadata | undefined,
  ) {}

  /**
   * @param latest the furthest moment a release may occur at
   * @throws MalformedDescription, AmountRefused, ZeroAmount, MalformedInstant, OccurredAtOutOfRange,
   *         MalformedMetadata, MetadataTooLarge
   */
  static of(input: ReleaseInput, latest: Date): ReleaseDraft {
    return new ReleaseDraft(
      describe(input.description),
      amountOf(input.amount),
      input.occurredAt === undefined ? undefined : occurredAtOf(input.occurredAt, latest),
      input.metadata === undefined ? undefined : metadataOf(input.metadata),
    );
  }

  /**
   * One text for all spellings of one input (order of keys, offset, blanks around the description). The default
   * time is no part of it: a retry a second later is still the same input.
   */
  canonical(): string {
    return canonicalJson([
      this.description,
      this.amount.toString(),
      this.occurredAt?.toISOString() ?? null,
      this.metadata ?? null,
    ]);
  }
}

function describe(text: string): string {
  const trimmed = text.trim();
  // characters as a person counts them: an emoji is one, not two UTF-16 units
  const length = trimmed.length <= MAX_DESCRIPTION ? trimmed.length : [...trimmed].length;
  if (length === 0 || length > MAX_DESCRIPTION || !isStorableText(trimmed)) throw new MalformedDescription();
  return trimmed;
}

function amountOf(text: string): Money {
  let amount: Money;
  try {
    amount = Money.parse(text);
  } catch (error) {
    if (error instanceof DomainError) throw new AmountRefused(error);
    throw error;
  }
  if (amount.isZero()) throw new ZeroAmount();
  return amount;
}

function occurredAtOf(text: string, latest: Date): Date {
  const at = parseInstant(text, 'occurredAt');
  if (at < EARLIEST || at > latest) throw new OccurredAtOutOfRange(EARLIEST, latest);
  return at;
}

function metadataOf(metadata: Metadata): Metadata {
  const json = JSON.stringify(metadata);
  // at most three bytes a UTF-16 unit: the exact count is needed only in between
  if (
    json.length > MAX_METADATA_BYTES ||
    (json.length * 3 > MAX_METADATA_BYTES && utf8Length(json) > MAX_METADATA_BYTES)
  )
    throw new MetadataTooLarge(MAX_METADATA_BYTES);
  if (!isStorableJson(metadata)) throw new MalformedMetadata();
  return metadata;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
