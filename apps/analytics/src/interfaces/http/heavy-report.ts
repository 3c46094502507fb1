import { applyDecorators } from '@nestjs/common';
import { RateLimit } from '@libs/http';
import { requestContext } from '@libs/kernel';

/** What goes through the raw events may be asked so often by one tenant; the same question again is answered from the cache. */
export function HeavyReport(name: string, limit = 60): MethodDecorator {
  return applyDecorators(
    RateLimit({
      name,
      limit,
      windowSeconds: 60,
      key: () => requestContext.tenantId(),
      whenAway: 'in_process',
    }),
  );
}
