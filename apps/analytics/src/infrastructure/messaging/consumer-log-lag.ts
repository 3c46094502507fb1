import { topics } from '@libs/contracts';
import { oldestUnread } from '@libs/messaging';
import { LogLag } from '../../application/alerts/log-lag';

/** As the consumer of this process knows of its whole group. */
export class ConsumerLogLag extends LogLag {
  constructor(private readonly group: string) {
    super();
  }

  async oldestUnreadMs(): Promise<number | undefined> {
    const seconds = await oldestUnread(this.group, topics.events);
    return seconds === undefined ? undefined : seconds * 1_000;
  }
}
