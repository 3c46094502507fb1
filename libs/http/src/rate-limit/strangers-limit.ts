import { requestContext } from '@libs/kernel';
import { FastifyReply, FastifyRequest } from 'fastify';
import { TooManyRequests } from '../http-errors';
import { problemBody, problemOf } from '../problem';
import { clientAddress } from './client-address';
import { GeneralLimit } from './general-limit';

/** Reading so much costs less than a millisecond. */
const SMALL_BODY = 64 * 1024;
const MOST_SUSPECTS = 10_000;

/**
 * The general limit on ingestion routes: it counts what was refused there before anybody knew who asked. An address that used it
 * up so may send only small bodies, uncompressed, until it has some left: a stranger must not make us read a megabyte each time,
 * and an honest page behind the same address goes on.
 */
export class StrangersLimit {
  /** Until when an address is one, in milliseconds of the process. */
  private readonly suspects = new Map<string, number>();

  constructor(private readonly general: GeneralLimit) {}

  /** Before the body is read: why it will not be. */
  refusal(request: FastifyRequest): TooManyRequests | undefined {
    if (this.suspects.size === 0 || isSmall(request)) return undefined;
    const address = clientAddress(request);
    const until = this.suspects.get(address);
    if (until === undefined) return undefined;
    const seconds = Math.ceil((until - performance.now()) / 1000);
    if (seconds > 0) return new TooManyRequests(seconds);
    this.suspects.delete(address);
    return undefined;
  }

  /** Whether an answer counts: a refusal, and nobody known to have asked. */
  concerns({ ingestion }: FastifyRequest, { statusCode }: FastifyReply): boolean {
    return (
      ingestion && statusCode >= 400 && statusCode < 500 && requestContext.current()?.tenantId === undefined
    );
  }

  /** Counts an answer that is about to leave; `done` gets the body of another one where the limit is used up. */
  count(
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (error: Error | null, payload?: unknown) => void,
  ): void {
    this.general.admit(request, reply, (error) => {
      if (!(error instanceof TooManyRequests)) {
        done(error ?? null, payload);
        return;
      }
      this.suspect(clientAddress(request), error.retryAfter);
      const problem = problemOf(error);
      void reply
        .removeHeader('www-authenticate')
        .code(problem.status)
        .header('retry-after', String(error.retryAfter));
      done(null, problemBody(problem, request.id));
    });
  }

  private suspect(address: string, seconds: number): void {
    // to the end of the line, whose head is forgotten first
    this.suspects.delete(address);
    this.suspects.set(address, performance.now() + seconds * 1000);
    if (this.suspects.size <= MOST_SUSPECTS) return;
    for (const oldest of this.suspects.keys()) {
      this.suspects.delete(oldest);
      return;
    }
  }
}

function isSmall({ raw: { headers } }: FastifyRequest): boolean {
  const length = Number(headers['content-length']); // NaN where it is sent in chunks
  return length <= SMALL_BODY && headers['content-encoding'] === undefined;
}
