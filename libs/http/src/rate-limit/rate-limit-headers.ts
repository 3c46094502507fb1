import { RateDecision } from '@libs/redis';
import { FastifyReply } from 'fastify';
import { TooManyRequests } from '../http-errors';

/** Stamps the tightest limit met so far on the answer. @throws TooManyRequests */
export function enforce(reply: FastifyReply, decision: RateDecision): void {
  const tighter = reply.getHeader('ratelimit-remaining');
  if (!decision.allowed || tighter === undefined || decision.remaining <= Number(tighter)) {
    void reply
      .header('ratelimit-limit', String(decision.limit))
      .header('ratelimit-remaining', String(decision.remaining))
      .header('ratelimit-reset', String(decision.resetSeconds));
  }
  if (!decision.allowed) throw new TooManyRequests(decision.resetSeconds);
}
