import { AuditVerdict, Tampering } from '../../application/audit/audit-reader';
import { AuditChain, AuditHead, BEGINNING, ChainedEntry, same } from './audit-chain';

/** What a former check saw of a log. */
export interface Anchor {
  seq: bigint;
  mac: Buffer;
}

/**
 * Goes along one tenant's log, entry by entry in ascending order, and finds what is not as it was written. Each entry
 * is compared with what stands before it, so that one altered row is one finding, or two, and not all that follow.
 */
export class ChainWalk {
  private readonly tampering: Tampering[] = [];
  private next = 1n;
  private previous: Buffer = BEGINNING;
  private anchored: boolean;

  constructor(
    private readonly chain: AuditChain,
    private readonly anchor?: Anchor,
  ) {
    this.anchored = anchor === undefined;
  }

  take(entry: ChainedEntry & { mac: Buffer }): void {
    const { seq, mac } = entry;
    if (seq !== this.next) this.found('entries_missing', this.next, seq - 1n);
    else if (!same(mac, this.chain.macOf(entry, this.previous))) this.found('entry_altered', seq);
    if (seq === 1n && entry.action !== 'tenant.registered') this.found('beginning_missing', seq);
    if (this.anchor?.seq === seq && same(mac, this.anchor.mac)) this.anchored = true;
    this.previous = mac;
    this.next = seq + 1n;
  }

  /** @param head as it was when the last entry taken was the last one */
  end(head: AuditHead | undefined): AuditVerdict {
    const last = this.next - 1n;
    if (!head) this.found(last === 0n ? 'log_missing' : 'head_missing', last);
    else if (!this.chain.holds(head)) this.found('head_altered', head.seq);
    else if (head.seq > last) this.found('tail_missing', this.next, head.seq);
    else if (head.seq < last) this.found('head_behind', head.seq + 1n, last);
    else if (!same(head.mac, this.previous)) this.found('entry_altered', last);
    if (!this.anchored) this.found('anchor_differs', this.anchor?.seq ?? 0n);
    return {
      entries: last,
      ...(last > 0n ? { mac: this.previous.toString('hex') } : {}),
      tampering: this.tampering,
    };
  }

  private found(kind: Tampering['kind'], seq: bigint, through?: bigint): void {
    this.tampering.push({ kind, seq, ...(through === undefined || through === seq ? {} : { through }) });
  }
}
