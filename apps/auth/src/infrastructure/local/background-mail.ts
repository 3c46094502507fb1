import { OnApplicationShutdown } from '@nestjs/common';
import { logger } from '@libs/logging';
import { Mail, Mailer } from '../../application/mailer';

/** More than this many on their way: something is wrong with the mail server, or somebody floods it. */
const MOST_UNDER_WAY = 200;

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

  /** Those on their way are let finish; the mailer has a time limit of its own. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.underWay);
  }
}
