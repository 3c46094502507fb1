/** A message that cannot be digested, kept with the reason until somebody redrives it. */
export interface DeadLetter {
  /** Absent where the message does not even tell its tenant. */
  tenantId?: string;
  /** Where it came from: a queue or a topic. */
  source: string;
  /** Stable snake_case: `malformed_envelope`, `invalid_data`, … */
  reason: string;
  /** For a person; no personal data. */
  detail: string;
  /** The message as it arrived. */
  payload: string;
}

export interface StoredDeadLetter extends DeadLetter {
  id: string;
  createdAt: Date;
}

/** The row is the truth about a dead letter; the copy on a dead-letter queue or topic is a convenience. */
export abstract class DeadLetters {
  /** Joins the open transaction, or commits in one of its own. @returns their ids, in order */
  abstract add(letters: readonly DeadLetter[]): Promise<string[]>;

  /** Those of `source` not redriven yet, oldest first, that the open transaction's tenants or nobody own; made until `before`. */
  abstract pending(source: string, limit: number, before?: Date): Promise<StoredDeadLetter[]>;

  /** Marks them redriven; doing so twice is harmless. */
  abstract markRedriven(ids: readonly string[]): Promise<void>;
}
