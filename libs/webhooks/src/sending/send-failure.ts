import { HostLookupFailed, UrlRefusal, WebhookUrlRefused } from '../webhook.errors';

/** Why a receiver did not take a delivery; stands in the log of tries. */
export type SendError =
  | UrlRefusal
  | 'host_lookup_failed'
  | 'connect_timeout'
  | 'timeout'
  | 'connection_refused'
  | 'connection_reset'
  | 'connection_failed'
  | 'tls_failed'
  | 'malformed_answer'
  | 'redirect_refused'
  | 'too_many_redirects'
  | 'status_refused';

/** A try that ended without an answer to look at. */
export class SendFailure extends Error {
  constructor(readonly code: SendError) {
    super(code);
  }
}

const BY_CODE: readonly (readonly [RegExp, SendError])[] = [
  [/^ECONNREFUSED$/, 'connection_refused'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE)$/, 'connection_reset'],
  [/^HPE_|^ERR_HTTP_/, 'malformed_answer'],
  [/^ERR_TLS|^ERR_SSL|^EPROTO$|CERT|SIGNATURE|ISSUER|^UNABLE_TO_|^HOSTNAME_MISMATCH$/, 'tls_failed'],
];

/** What it comes to. Errors of sockets name addresses and ports: the code alone is told on. */
export function sendErrorOf(error: unknown): SendError {
  if (error instanceof SendFailure || error instanceof WebhookUrlRefused) return error.code;
  if (error instanceof HostLookupFailed) return 'host_lookup_failed';
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (name === 'TimeoutError') return 'timeout';
  const text = typeof code === 'string' ? code : '';
  return BY_CODE.find(([pattern]) => pattern.test(text))?.[1] ?? 'connection_failed';
}
