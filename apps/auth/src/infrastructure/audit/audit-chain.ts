import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** One row of the log, as it is chained: what a verifier reads back must give the same bytes. */
export interface ChainedEntry {
  tenantId: string;
  seq: bigint;
  /** Of whole milliseconds: the column keeps no more. */
  occurredAt: Date;
  action: string;
  actorKind: string;
  actorId: string | null;
  target: string | null;
  /** JSON text, kept as it was written. */
  details: string;
  requestId: string;
}

/** Where a tenant's log ends. */
export interface AuditHead {
  tenantId: string;
  seq: bigint;
  mac: Buffer;
  seal: Buffer;
}

/** What the first entry of a log is chained to. */
export const BEGINNING = Buffer.alloc(32);

/** What an entry is chained to when the head before it was tampered with: no entry has this as its MAC. */
export const BROKEN = Buffer.alloc(32, 0xff);

/**
 * The MACs of the audit log, with a key of its own derived (HKDF-SHA256) from AUTH_KEY_SECRET: who owns the database
 * and not that secret can alter no entry, put none in, take none out and swap none without a MAC failing. The head is
 * sealed apart, so that no former entry can pass for the end of the log.
 */
export class AuditChain {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'moneyflow audit log', 32));
  }

  /** The MAC of an entry over everything in it and the MAC of the one before. */
  macOf(entry: ChainedEntry, previous: Buffer): Buffer {
    const { tenantId, seq, occurredAt, action, actorKind, actorId, target, details, requestId } = entry;
    // JSON of a flat array is unambiguous: no value can run over into its neighbour.
    return this.mac([
      'entry.1',
      previous.toString('base64'),
      tenantId,
      String(seq),
      // A row that was tampered with may hold `infinity`, which pg gives as a number.
      Number(occurredAt),
      action,
      actorKind,
      actorId,
      target,
      details,
      requestId,
    ]);
  }

  sealOf({ tenantId, seq, mac }: Omit<AuditHead, 'seal'>): Buffer {
    return this.mac(['head.1', tenantId, String(seq), mac.toString('base64')]);
  }

  holds(head: AuditHead): boolean {
    return same(head.seal, this.sealOf(head));
  }

  private mac(parts: readonly (string | number | null)[]): Buffer {
    return createHmac('sha256', this.key).update(JSON.stringify(parts)).digest();
  }
}

export function same(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
