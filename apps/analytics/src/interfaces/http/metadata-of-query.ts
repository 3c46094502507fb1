import { CallHandler, ExecutionContext, Injectable, NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';

const PREFIX = 'metadata.';

/** Gathers `?metadata.<name>=<value>` under `metadata`, where the DTO checks it; names of metadata are no names of fields. */
@Injectable()
export class MetadataOfQuery implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const query = request.query as Record<string, unknown>;
    const names = Object.keys(query).filter((key) => key.startsWith(PREFIX));
    // beside a bare `metadata`, which the DTO refuses, nothing is gathered
    if (names.length > 0 && !Object.hasOwn(query, 'metadata')) {
      const metadata = names.map((key) => ({ name: key.slice(PREFIX.length), value: query[key] }));
      const others = Object.entries(query).filter(([key]) => !key.startsWith(PREFIX));
      request.query = { ...Object.fromEntries(others), metadata };
    }
    return next.handle();
  }
}
