/** What wraps every message, the same on every transport; headers and SQS attributes carry the same names. */
export interface Envelope<Payload = unknown> {
  /** UUIDv7; what consumers deduplicate by. */
  id: string;
  /** The topic it belongs on, `releases.posted.v1`. */
  type: string;
  version: number;
  tenantId: string;
  /** RFC 3339 UTC with milliseconds. */
  occurredAt: string;
  requestId: string;
  traceparent?: string;
  payload: Payload;
}

export class MalformedEnvelope extends Error {
  override readonly name = 'MalformedEnvelope';
}

/** Reads the JSON text of an envelope. @throws MalformedEnvelope naming what is missing */
export function parseEnvelope<Payload>(text: string): Envelope<Payload> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // V8's message quotes the text, and whose data that is nobody knows yet
    if (error instanceof SyntaxError) throw new MalformedEnvelope('not JSON');
    throw error;
  }
  if (typeof value !== 'object' || value === null) throw new MalformedEnvelope('not an object');
  const envelope = value as Record<string, unknown>;
  for (const field of ['id', 'type', 'tenantId', 'occurredAt', 'requestId']) {
    if (typeof envelope[field] !== 'string') throw new MalformedEnvelope(`${field} is not a string`);
  }
  if (typeof envelope['payload'] !== 'object' || envelope['payload'] === null)
    throw new MalformedEnvelope('payload is not an object');
  return value as Envelope<Payload>;
}
