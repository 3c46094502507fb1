import { OnApplicationShutdown } from '@nestjs/common';
import { logger } from '@libs/logging';
import { Mail, Mailer } from '../../application/members/mailer';

/** More than this many on their way: something is wrong with the mail server, or somebody floods it. */
const MOST_UNDER_WAY = 200;

/** Within the 10 s that a shutdown may take. */
const SHUTDOWN_MS = 4_000;

const log = logger('auth');

/**
 * Sends beside the request: how long an answer takes must not tell whether there was anybody to write to. What cannot
 * be sent is logged; the person asks again.
 */
export class BackgroundMail implements OnApplicationShutdown {
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly mailer: Mailer) {}

  post(mail: Mail): void {
    if (this.underWay.size >= MOST_UNDER_WAY) {
      log.error({ underWay: this.underWay.size }, 'a mail was dropped: too many are on their way');
      return;
    }
    const sending = new Promise((resolve) => setImmediate(resolve))
      .then(() => this.mailer.send(mail))
      .catch((error: unknown) => log.error({ err: error }, 'a mail could not be sent'))
      .finally(() => this.underWay.delete(sending));
    this.underWay.add(sending);
  }

  /** Those on their way get a while to arrive: who misses theirs asks again. */
  async onApplicationShutdown(): Promise<void> {
    const patience = new Promise((resolve) => setTimeout(resolve, SHUTDOWN_MS).unref());
    await Promise.race([Promise.all(this.underWay), patience]);
    if (this.underWay.size > 0) log.warn({ underWay: this.underWay.size }, 'mails were given up at shutdown');
  }
}
