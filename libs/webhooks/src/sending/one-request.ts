import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { CheckedUrl } from '../guard/webhook-guard';
import { SendFailure } from './send-failure';

/** So much of an answer is kept at most. */
const KEPT_BYTES = 1_024;
/** So much of one is let in at most, and for so long, once it is clear what it says. */
const READ_BYTES = 64 * 1_024;
const READ_MS = 1_000;
const HEADER_BYTES = 16 * 1_024;

export interface Posting {
  headers: Record<string, string>;
  body: Buffer;
  connectMs: number;
  /** Ends it, whatever it is at. */
  signal: AbortSignal;
  /** Certificates to believe instead of the well-known ones. */
  ca?: string;
}

export interface Answer {
  status: number;
  location?: string;
  retryAfter?: string;
  /** How it begins. */
  text: Buffer;
}

/**
 * POSTs to exactly the addresses that were checked. A connection of its own: none is kept that another tenant could come to, no
 * session of TLS, no proxy of the environment. Bodies are never decompressed.
 */
export function post({ url, addresses }: CheckedUrl, posting: Posting): Promise<Answer> {
  const secure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const request = (secure ? tlsRequest : plainRequest)(url, {
      method: 'POST',
      headers: posting.headers,
      agent: false,
      lookup: pinnedTo(addresses),
      maxHeaderSize: HEADER_BYTES,
      insecureHTTPParser: false,
      signal: posting.signal,
      ...(secure && { rejectUnauthorized: true, minVersion: 'TLSv1.2' as const, ca: posting.ca }),
    });
    const connecting = setTimeout(
      () => request.destroy(new SendFailure('connect_timeout')),
      posting.connectMs,
    );
    request.on('socket', (socket) =>
      socket.once(secure ? 'secureConnect' : 'connect', () => clearTimeout(connecting)),
    );
    let answering = false;
    request.once('response', (response) => {
      // From here on what was answered counts: a receiver may hang up before it has read, or said, everything.
      answering = true;
      void beginningOf(response).then(resolve, reject);
    });
    request.on('error', (error) => {
      if (!answering) reject(posting.signal.aborted ? (posting.signal.reason as Error) : error);
    });
    request.once('close', () => {
      clearTimeout(connecting);
      if (!answering) reject(new SendFailure('connection_reset'));
    });
    request.end(posting.body);
  });
}

/** Whoever asks for whatever name is told the checked addresses: what DNS says by now does not matter. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, { all }, callback) => {
    if (all) callback(null, answers);
    else callback(null, answers[0]?.address ?? '', answers[0]?.family);
  };
}

/** The status says it all where it is a good one; of a refusal the beginning is worth a look. The rest is drained briefly. */
function beginningOf(response: IncomingMessage): Promise<Answer> {
  const status = response.statusCode ?? 0;
  const kept: Buffer[] = [];
  let read = 0;
  return new Promise((resolve) => {
    const finish = (): void =>
      resolve({
        status,
        location: response.headers.location,
        retryAfter: response.headers['retry-after'],
        text: Buffer.concat(kept).subarray(0, KEPT_BYTES),
      });
    const patience = setTimeout(() => response.destroy(), READ_MS);
    response.on('data', (chunk: Buffer) => {
      if (read < KEPT_BYTES) kept.push(chunk);
      read += chunk.length;
      if (read >= KEPT_BYTES) finish();
      if (read >= READ_BYTES) response.destroy();
    });
    // hung up in the middle of it: the status had come
    response.on('error', finish);
    response.once('close', () => {
      clearTimeout(patience);
      finish();
    });
    if (isGood(status)) finish();
  });
}

export function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}
