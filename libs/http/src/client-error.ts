import { logger } from '@libs/logging';
import { randomUUID } from 'node:crypto';
import { ServerResponse, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import { problemBody, problemOf } from './problem';

/**
 * Answers what never became a request (broken request lines, headers too large, smuggling, too slow) and closes the
 * connection: after such bytes nobody knows where the next request would begin.
 */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  // Node's own handler looks at the same field: an answer already on its way is the only one for these bytes
  const { _httpMessage: answer } = socket as Socket & { _httpMessage?: ServerResponse | null };
  if (answer?.headersSent) {
    socket.end();
    return;
  }
  const requestId = randomUUID();
  const known = problemOf(error);
  // Whatever a parser complains of is the client's doing.
  const problem =
    known.status < 500
      ? known
      : {
          ...known,
          status: 400,
          title: 'Bad Request',
          code: 'malformed_http',
          detail: 'This is not HTTP/1.1.',
        };
  const body = problemBody(problem, requestId);
  logger('http').info(
    { requestId, status: problem.status, code: problem.code, reason: error.code },
    'refused',
  );
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? 'Error'}\r\n` +
      'Content-Type: application/problem+json\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n` +
      `X-Request-Id: ${requestId}\r\n` +
      'X-Content-Type-Options: nosniff\r\n' +
      'Connection: close\r\n\r\n' +
      body,
  );
  // A client that keeps sending without reading must not hold the socket.
  setTimeout(() => socket.destroy(), 1_000).unref();
}
