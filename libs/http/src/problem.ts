import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import { DomainError, ErrorKind, FieldError, requestContext } from '@libs/kernel';

/** RFC 9457 problem details with our stable `code`; served as `application/problem+json`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  requestId?: string;
  errors?: FieldError[];
  /** Not part of the body: seconds for `Retry-After`. */
  retryAfter?: number;
}

const STATUS_OF: Record<ErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  invalid: 422,
  too_many: 429,
  unavailable: 503,
};

/** Fastify's and Node's own complaints, by their code. */
const FRAMEWORK: Record<string, { status: number; code: string; detail: string }> = {
  FST_ERR_BAD_URL: { status: 400, code: 'malformed_url', detail: 'The URL is not decodable.' },
  FST_ERR_MAX_PARAM_LENGTH: { status: 414, code: 'url_too_long', detail: 'A part of the URL is too long.' },
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: 'body_too_large', detail: 'The body is over the limit.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'unsupported_media_type',
    detail: 'This route takes application/json.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'malformed_content_length',
    detail: 'The body does not have the length its Content-Length says.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, code: 'empty_body', detail: 'The body is empty.' },
  FST_ERR_CTP_INVALID_JSON_BODY: {
    status: 400,
    code: 'malformed_json',
    detail: 'The body is not JSON.',
  },
  HPE_HEADER_OVERFLOW: { status: 431, code: 'headers_too_large', detail: 'The headers are too large.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    code: 'body_too_large',
    detail: 'The chunk extensions are too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'request_timeout',
    detail: 'The request did not arrive in time.',
  },
};

const CODE_OF_STATUS: Record<number, string> = {
  400: 'malformed_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  408: 'request_timeout',
  409: 'conflict',
  410: 'gone',
  413: 'body_too_large',
  414: 'url_too_long',
  415: 'unsupported_media_type',
  422: 'invalid_request',
  429: 'rate_limited',
  431: 'headers_too_large',
  503: 'unavailable',
};

// SQLSTATE classes 08 (connection), 53 (resources), 57P0x (shutdown), 40001/40P01 (retry me); Node's socket errors.
const AWAY = /^(08[0-9A-Z]{3}|53[0-9A-Z]{3}|57P0[0-9]|40001|40P01|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;
// pg and pg-pool report a lost server without any code
const AWAY_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/**
 * The one place where an error becomes a status. A DomainError speaks for itself; what frameworks throw is
 * translated; a dependency that went away is 503; anything else is a 500 that tells nothing of its cause.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof DomainError) return ofDomain(error);
  const code = textOf(error, 'code');
  const framework = code === undefined ? undefined : FRAMEWORK[code];
  if (framework) return problem(framework.status, framework.code, framework.detail);
  if (error instanceof HttpException) return ofHttpException(error);
  // Before the codes of sockets: a client that breaks off in its body is an ECONNRESET that Fastify marks as the client's.
  const status = numberOf(error, 'statusCode');
  if (status !== undefined && status >= 400 && status < 500) return ofStatus(status);
  if (isAway(error)) {
    const away = problem(503, 'dependency_unavailable', 'A part we depend on is away; try again.');
    return { ...away, retryAfter: 1 };
  }
  return problem(500, 'internal_error', 'Something went wrong on our side; the requestId helps us find it.');
}

function ofDomain(error: DomainError): Problem {
  const status = numberOf(error, 'status') ?? STATUS_OF[error.kind];
  const result = problem(status, error.code, error.message);
  if (error.errors) result.errors = error.errors;
  const retryAfter = error.retryAfter ?? (error.kind === 'unavailable' ? 1 : undefined);
  if (retryAfter !== undefined) result.retryAfter = retryAfter;
  return result;
}

function ofHttpException(error: HttpException): Problem {
  // Nest wraps Fastify's errors: the cause knows more
  const cause = textOf(error.cause, 'code');
  if (cause !== undefined && FRAMEWORK[cause]) return problemOf(error.cause);
  return ofStatus(error.getStatus());
}

function ofStatus(status: number): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return problem(
    status,
    CODE_OF_STATUS[status] ?? (status >= 500 ? 'internal_error' : 'refused'),
    `${title}.`,
  );
}

function problem(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail };
}

function isAway(error: unknown): boolean {
  for (let cause = error, hops = 0; cause instanceof Error && hops < 4; cause = cause.cause, hops++) {
    if (AWAY.test(textOf(cause, 'code') ?? '') || AWAY_MESSAGE.test(cause.message)) return true;
  }
  return false;
}

/** The bytes of the answer: `requestId` of the current request, no internal fields. */
export function problemBody(problem: Problem, requestId = requestContext.current()?.requestId): string {
  const { retryAfter: _, ...body } = problem;
  return JSON.stringify({ ...body, requestId, errors: problem.errors });
}

function textOf(value: unknown, key: string): string | undefined {
  const field = fieldOf(value, key);
  return typeof field === 'string' ? field : undefined;
}

function numberOf(value: unknown, key: string): number | undefined {
  const field = fieldOf(value, key);
  return typeof field === 'number' ? field : undefined;
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
