import { setImmediate as settled } from 'node:timers/promises';
import { metrics } from '@libs/http';
import { TopicLag, watchLag } from './consumer-lag';

describe('the lag of consumer groups', () => {
  let answer: () => Promise<TopicLag[]>;
  let forget: () => void;

  beforeEach(() => {
    answer = async () => [{ topic: 'events', messages: 12, seconds: 3.5 }];
    forget = watchLag({ group: 'sink', lag: () => answer() });
  });
  afterEach(() => forget());

  it('is shown by group and topic', async () => {
    const text = await metrics.metrics();
    expect(text).toContain('consumer_lag_messages{group="sink",topic="events"} 12');
    expect(text).toContain('consumer_oldest_unread_seconds{group="sink",topic="events"} 3.5');
  });

  it('is not asked again for a scrape right after', async () => {
    await metrics.metrics();
    answer = async () => [{ topic: 'events', messages: 99, seconds: 0 }];
    expect(await metrics.metrics()).toContain('consumer_lag_messages{group="sink",topic="events"} 12');
  });

  it('is asked again in time when the wall clock is set back', async () => {
    const began = performance.now();
    let elapsed = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => began + elapsed);
    await metrics.metrics();
    answer = async () => [{ topic: 'events', messages: 99, seconds: 0 }];
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now - 3_600_000);
    elapsed = 6_000;
    expect(await metrics.metrics()).toContain('consumer_lag_messages{group="sink",topic="events"} 99');
    jest.restoreAllMocks();
  });

  it('is not shown while it is not known: an old figure would calm', async () => {
    answer = () => Promise.reject(new Error('away'));
    expect(await metrics.metrics()).not.toContain('group="sink"');
  });

  it('does not hold a scrape up while the log does not answer', async () => {
    answer = () => new Promise(() => undefined);
    const started = Date.now();
    await metrics.metrics();
    expect(Date.now() - started).toBeLessThan(4_000);
  });

  it('is not shown as it once was, nor asked for twice at a time, while the log does not answer', async () => {
    const began = performance.now();
    let elapsed = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => began + elapsed);
    const scrape = (): Promise<string> => {
      elapsed += 6_000;
      return metrics.metrics();
    };
    expect(await scrape()).toContain('group="sink",topic="events"} 12');
    let questions = 0;
    let give: (lag: TopicLag[]) => void = () => undefined;
    answer = () => {
      questions += 1;
      return new Promise((resolve) => (give = resolve));
    };
    for (let at = 0; at < 2; at += 1) expect(await scrape()).not.toContain('group="sink"');
    expect(questions).toBe(1);
    give([{ topic: 'events', messages: 99, seconds: 1 }]);
    answer = async () => [{ topic: 'events', messages: 7, seconds: 1 }];
    await settled();
    expect(await scrape()).toContain('group="sink",topic="events"} 7');
    clock.mockRestore();
  });

  it('is shown no more when the consumer has gone', async () => {
    forget();
    expect(await metrics.metrics()).not.toContain('group="sink"');
  });
});
