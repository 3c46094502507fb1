import { Envelope } from '@libs/contracts';

/** One message as it arrived: `text` is what the wire carried, `envelope` what it says. */
export interface Received<Payload = unknown> {
  readonly envelope: Envelope<Payload>;
  readonly text: string;
  /** How often the carrier has handed it out, this time included; 1 where the carrier does not count. */
  readonly receives: number;
}

/**
 * What an `@EventPattern` handler gets: messages of one topic or queue, of any tenants, in no promised order and
 * possibly repeated. A handler that resolves acknowledges all of them; one that rejects gets them again.
 */
export class Batch<Payload = unknown> {
  constructor(
    /** The topic or queue they came from. */
    readonly source: string,
    readonly messages: readonly Received<Payload>[],
  ) {}

  get size(): number {
    return this.messages.length;
  }

  /** The tenants named in it, each once: what `TenantTransaction.runFor` wants. */
  get tenantIds(): string[] {
    return [...new Set(this.messages.map((message) => message.envelope.tenantId))];
  }
}
