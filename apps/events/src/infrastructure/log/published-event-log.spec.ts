import { topics } from '@libs/contracts';
import { EventPublisher, OutgoingMessage, SystemClock } from '@libs/kernel';
import { aLoggedEvent, aTenant } from '../../../test/logged-event.builder';
import { RejectedEvent } from '../../application/event-log';
import { EventLogFull } from '../../domain/collect.errors';
import { EnvelopeWriter } from './envelope-writer';
import { LogQueue } from './log-queue';
import { PublishedEventLog } from './published-event-log';

/** Confirms nothing until it is told to. */
class Slow extends EventPublisher {
  readonly taken: string[] = [];
  private waiting: (() => void)[] = [];

  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    this.taken.push(...messages.map(() => topic));
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  confirm(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

const rejection: RejectedEvent = {
  index: 1,
  code: 'missing_property',
  message: 'is missing',
  event: '{}'.padEnd(3_000),
  source: 'sdk',
  appId: '019a2b3c-0000-7000-8000-00000000000a',
  receivedAt: new Date().toISOString(),
};

function entries(rejected: RejectedEvent[]) {
  const reception = {
    tenantId: aTenant(),
    appId: '',
    receivedMs: 0,
    oldest: { critical: 0, other: 0 },
    requestId: '',
  };
  return new EnvelopeWriter(new SystemClock()).write(reception, [aLoggedEvent()], rejected);
}

describe('PublishedEventLog', () => {
  it('takes nothing of a request that its tenant has no room for, not even the events before its rejections', async () => {
    const publisher = new Slow();
    const log = new PublishedEventLog(publisher, new LogQueue(1_000, 4_000));
    const tenantId = aTenant();
    const first = log.append(tenantId, entries([]));
    await expect(log.append(tenantId, entries([rejection]))).rejects.toThrow(EventLogFull);
    expect(publisher.taken).toEqual([topics.events]);
    publisher.confirm();
    await first;
    const second = log.append(tenantId, entries([rejection]));
    publisher.confirm();
    await second;
    expect(publisher.taken).toEqual([topics.events, topics.events, topics.eventsErrors]);
  });
});
