import { RateDecision } from '@libs/redis';
import { FastifyReply } from 'fastify';
import { TooManyRequests } from '../http-errors';

/** Stamps the tightest limit met so far on the answer; an error when this one is spent. */
export function verdict(reply: FastifyReply, decision: RateDecision): TooManyRequests | undefined {
  const tighter = reply.getHeader('ratelimit-remaining');
  if (!decision.allowed || tighter === undefined || decision.remaining <= Number(tighter)) {
    void reply
      .header('ratelimit-limit', decision.limit)
      .header('ratelimit-remaining', decision.remaining)
      .header('ratelimit-reset', decision.resetSeconds);
  }
  return decision.allowed ? undefined : new TooManyRequests(decision.resetSeconds);
}
