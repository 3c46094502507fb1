import { Envelope } from '@libs/contracts';
import { MicroBatcher } from './micro-batcher';
import { QueueSender } from './queue-sender';
import { queueText } from './queue-text';
import { QueueUnavailable } from './queue-unavailable.error';

export interface QueuePackerOptions<Row> {
  queueUrl: string;
  /** Of one tenant, in one message. */
  maxRows: number;
  /** Of one message's body, in bytes. */
  maxBytes: number;
  /** How long a row waits for others of its tenant; 2 ms by default. */
  lingerMs?: number;
  envelopeOf: (tenantId: string, rows: Row[]) => Envelope;
}

/** What the envelope around the rows may take of `maxBytes`. */
const ENVELOPE_BYTES = 1024;
const MAX_WAITING_ROWS = 20_000;

/** Packs rows that several requests of one tenant hand over at the same time into common queue messages. */
export class QueuePacker<Row extends object> {
  private readonly lanes = new Map<string, MicroBatcher<Row>>();
  private waiting = 0;

  constructor(
    private readonly sender: QueueSender,
    private readonly options: QueuePackerOptions<Row>,
  ) {}

  /**
   * Resolves when the queue has every row.
   * @throws QueueUnavailable when it is away or too much waits; some rows may have arrived
   */
  async add(tenantId: string, rows: readonly Row[]): Promise<void> {
    if (this.waiting + rows.length > MAX_WAITING_ROWS)
      throw new QueueUnavailable('too many rows wait to be sent');
    this.waiting += rows.length;
    const lane = this.laneOf(tenantId);
    try {
      const outcomes = await Promise.allSettled(rows.map((row) => lane.add(row)));
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed) throw failed.reason;
    } finally {
      this.waiting -= rows.length;
      if (lane.size === 0) this.lanes.delete(tenantId);
    }
  }

  private laneOf(tenantId: string): MicroBatcher<Row> {
    const known = this.lanes.get(tenantId);
    if (known) return known;
    const lane = new MicroBatcher<Row>((rows) => this.post(tenantId, rows), {
      maxItems: this.options.maxRows,
      maxWeight: this.options.maxBytes - ENVELOPE_BYTES,
      weightOf: (row) => Buffer.byteLength(queueText(row)) + 1,
      lingerMs: this.options.lingerMs ?? 2,
      concurrency: 16,
      // Each message costs a send, a receive and a delete: under load they travel well filled.
      partlyFilled: 1,
      maxWaiting: MAX_WAITING_ROWS,
      refusal: () => new QueueUnavailable('too many rows wait to be sent'),
    });
    this.lanes.set(tenantId, lane);
    return lane;
  }

  private post(tenantId: string, rows: Row[]): Promise<void> {
    const envelope = this.options.envelopeOf(tenantId, rows);
    return this.sender.send(this.options.queueUrl, [
      {
        body: queueText(envelope),
        attributes: { tenantId, type: envelope.type, requestId: envelope.requestId },
      },
    ]);
  }
}
