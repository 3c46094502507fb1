/** One entry of a tenant's audit log. */
export interface AuditEntry {
  /** 1, 2, 3 … without a gap. */
  seq: bigint;
  occurredAt: Date;
  action: string;
  actor: { kind: string; id?: string };
  target?: string;
  details: Readonly<Record<string, unknown>>;
  requestId: string;
  /** Hex; whoever keeps it can show later that the log up to here is the same. */
  mac: string;
}

/** All that are given must hold. */
export interface AuditFilter {
  action?: string;
  /** Id of the person, key or operator who did it. */
  actor?: string;
  target?: string;
  /** Both included. */
  from?: Date;
  to?: Date;
}

/** Reads the log of the tenant of the transaction. */
export abstract class AuditReader {
  /** @returns up to `limit` entries before `before`, newest first */
  abstract newest(filter: AuditFilter, limit: number, before?: bigint): Promise<AuditEntry[]>;

  /** @returns up to `limit` entries after `after` and up to `upTo`, oldest first */
  abstract oldest(filter: AuditFilter, limit: number, after: bigint, upTo: bigint): Promise<AuditEntry[]>;

  /** The number of the last entry; 0 when there is none. */
  abstract end(): Promise<bigint>;
}

/**
 * What tampering looks like. `entry_altered`: its content or what it follows is not what was written;
 * `beginning_missing`: the log does not start with the tenant's registration; `tail_missing`: entries that the head
 * counts are gone; `head_behind`: entries that the head does not count; `head_altered`, `head_missing`: of the head
 * itself; `log_missing`: neither head nor entries; `anchor_differs`: not the log that a former check saw.
 */
export type TamperingKind =
  | 'entry_altered'
  | 'entries_missing'
  | 'beginning_missing'
  | 'tail_missing'
  | 'head_behind'
  | 'head_altered'
  | 'head_missing'
  | 'log_missing'
  | 'anchor_differs';

export interface Tampering {
  kind: TamperingKind;
  /** The entry concerned, the first one where it is several. */
  seq: bigint;
  /** The last one where it is several. */
  through?: bigint;
}

export interface AuditVerdict {
  entries: bigint;
  /** Of the last entry, hex: what to keep, so that a later check can tell that nothing up to here has changed. */
  mac?: string;
  /** None: intact. */
  tampering: readonly Tampering[];
}

export abstract class AuditVerifier {
  /** Recomputes the whole chain of the tenant of the request. Reads in pieces, each in a transaction of its own. */
  abstract verify(): Promise<AuditVerdict>;
}
