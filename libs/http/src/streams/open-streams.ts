import { DomainError, ErrorKind } from '@libs/kernel';
import { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    openStreams: OpenStreams;
  }
}

/** This process is on its way out: another one, or the next, takes the client. */
export class ServiceLeaving extends DomainError {
  readonly code = 'service_leaving';
  readonly kind: ErrorKind = 'unavailable';
  override readonly retryAfter = 1;

  constructor() {
    super('This instance is shutting down; connect again.');
  }
}

/** Answers of an application that would never end by themselves: a shutdown ends them at once, so that it waits for none. */
export class OpenStreams {
  private readonly open = new Set<() => void>();
  private leaving = false;

  /** @throws ServiceLeaving once the shutdown has begun */
  check(): void {
    if (this.leaving) throw new ServiceLeaving();
  }

  /**
   * @param end tells the client that it may come back, and lets it go
   * @returns what forgets it again
   * @throws ServiceLeaving
   */
  add(end: () => void): () => void {
    this.check();
    this.open.add(end);
    return () => void this.open.delete(end);
  }

  endAll(): void {
    this.leaving = true;
    for (const end of this.open) end();
    this.open.clear();
  }
}

export function decorateStreams(fastify: FastifyInstance): void {
  fastify.decorate('openStreams', new OpenStreams());
}

export function streamsOf({ server }: FastifyRequest): OpenStreams {
  return server.openStreams;
}
