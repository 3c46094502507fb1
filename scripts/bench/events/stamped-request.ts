const EVENT_ID = /"event_id":"[0-9a-f]{8}-/g;
/** Of the UUID: what is written anew each time. */
const PREFIX = 8;
const DIGITS = Buffer.from('0123456789abcdef');

/**
 * A request as it goes over the wire, with places in it that are written anew before each time it is sent: every event
 * has an id that no other had, at the cost of eight bytes each.
 */
export class StampedRequest {
  private readonly bytes: Buffer;
  private readonly places: number[];

  constructor(target: { host: string; path: string; headers: Record<string, string> }, body: string) {
    const content = Buffer.from(body);
    const headers = {
      host: target.host,
      'content-type': 'application/json',
      'content-length': String(content.length),
      ...target.headers,
    };
    const head = Buffer.from(
      `POST ${target.path} HTTP/1.1\r\n${Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
    );
    this.bytes = Buffer.concat([head, content]);
    const text = content.toString('latin1');
    this.places = [...text.matchAll(EVENT_ID)].map(
      (match) => head.length + match.index + match[0].length - PREFIX - 1,
    );
  }

  get events(): number {
    return this.places.length;
  }

  /** @param serial below 2^32; the next one is `serial + events` */
  stamped(serial: number): Buffer {
    let next = serial;
    for (const place of this.places) {
      for (let digit = 0; digit < PREFIX; digit += 1)
        this.bytes[place + digit] = DIGITS[(next >>> (28 - 4 * digit)) & 15] as number;
      next += 1;
    }
    return this.bytes;
  }
}
