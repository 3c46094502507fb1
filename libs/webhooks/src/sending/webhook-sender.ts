import { VERSION } from '@libs/config';
import { Clock, maskText } from '@libs/kernel';
import { storableText } from '@libs/database';
import { CheckedUrl, WebhookGuard } from '../guard/webhook-guard';
import { Answer, isGood, post } from './one-request';
import { retryAfterSeconds } from './retry-after';
import { SendError, sendErrorOf, SendFailure } from './send-failure';
import { signatureOf } from './signature';

export interface SenderLimits {
  connectMs: number;
  /** Lookups, redirects and the answer, all in all. */
  totalMs: number;
  /** Certificates to believe instead of the well-known ones; for tests. */
  ca?: string;
}

export const SENDER_LIMITS: SenderLimits = { connectMs: 5_000, totalMs: 10_000 };
const MOST_REDIRECTS = 3;
const REDIRECTS = new Set([307, 308]);

export interface Message {
  id: string;
  url: string;
  body: string;
  /** The newest first. */
  secrets: readonly string[];
}

/** What came of a try. */
export interface SendOutcome {
  at: Date;
  durationMs: number;
  httpStatus?: number;
  /** Absent: it was taken. */
  error?: SendError;
  /** How a refusal begins. */
  answer?: string;
  retryAfterSeconds?: number;
}

/** Sends one message once, in the form of Standard Webhooks. */
export class WebhookSender {
  constructor(
    private readonly guard: WebhookGuard,
    private readonly clock: Clock,
    private readonly limits: SenderLimits = SENDER_LIMITS,
  ) {}

  /** @throws the reason of `stop`, and nothing else, when that ends it */
  async send(message: Message, stop: AbortSignal): Promise<SendOutcome> {
    const at = this.clock.now();
    const started = performance.now();
    const signal = AbortSignal.any([stop, AbortSignal.timeout(this.limits.totalMs)]);
    const outcome = await this.answered(message, at, signal).then(
      (answer) => this.outcomeOf(answer),
      (error: unknown) => {
        stop.throwIfAborted();
        return { error: sendErrorOf(error) };
      },
    );
    return { at, durationMs: Math.round(performance.now() - started), ...outcome };
  }

  private async answered(message: Message, at: Date, signal: AbortSignal): Promise<Answer> {
    const timestamp = Math.floor(at.getTime() / 1000);
    const body = Buffer.from(message.body);
    const headers = {
      'content-type': 'application/json',
      'content-length': String(body.length),
      'user-agent': `MoneyFlow-Webhooks/${VERSION}`,
      accept: '*/*',
      'accept-encoding': 'identity',
      'webhook-id': message.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureOf(message.id, timestamp, message.body, message.secrets),
    };
    const { connectMs, ca } = this.limits;
    let target = await this.checked(message.url, signal);
    for (let redirects = 0; ; redirects += 1) {
      const answer = await post(target, { headers, body, connectMs, signal, ca });
      if (!REDIRECTS.has(answer.status)) return answer;
      if (redirects === MOST_REDIRECTS) throw new SendFailure('too_many_redirects');
      target = await this.redirected(target, answer, signal);
    }
  }

  /** The same guard as at first: a receiver must not send us where it may not live. */
  private async redirected(
    { url }: CheckedUrl,
    { location }: Answer,
    signal: AbortSignal,
  ): Promise<CheckedUrl> {
    const next = location === undefined ? null : URL.parse(location, url.href);
    if (!next || (url.protocol === 'https:' && next.protocol !== 'https:'))
      throw new SendFailure('redirect_refused');
    next.hash = '';
    return this.checked(next.href, signal);
  }

  private checked(url: string, signal: AbortSignal): Promise<CheckedUrl> {
    return Promise.race([this.guard.check(url), abortOf(signal)]);
  }

  private outcomeOf({ status, retryAfter, text }: Answer): Partial<SendOutcome> {
    if (isGood(status)) return { httpStatus: status };
    return {
      httpStatus: status,
      error: status >= 300 && status < 400 ? 'redirect_refused' : 'status_refused',
      // A receiver that echoes what it got must not bring personal data into the log.
      answer:
        text.length === 0
          ? undefined
          : maskText(storableText(text.toString('utf8')) ?? '')
              .slice(0, 1_024)
              .toWellFormed(),
      retryAfterSeconds:
        status === 429 || status === 503 ? retryAfterSeconds(retryAfter, this.clock.now()) : undefined,
    };
  }
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
