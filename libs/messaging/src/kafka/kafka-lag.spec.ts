import { Admin } from 'kafkajs';
import { KafkaLag } from './kafka-lag';

describe('KafkaLag', () => {
  let now: number;
  let read: Record<number, string>;
  let ends: Record<number, string>;
  const admin = {
    fetchOffsets: async () => [
      { topic: 't', partitions: entries(read).map(([partition, offset]) => ({ partition, offset })) },
    ],
    fetchTopicOffsets: async () =>
      entries(ends).map(([partition, high]) => ({ partition, high, low: '5', offset: high })),
  } as unknown as Admin;
  const of = async (lag: KafkaLag) => (await lag.of(admin, ['t']))[0];

  beforeEach(() => {
    now = 1_000_000;
    read = { 0: '10', 1: '-1' };
    ends = { 0: '12', 1: '9' };
  });

  it('counts what no member has read; a partition nobody has read yet counts from its beginning', async () => {
    expect(await of(new KafkaLag('g', () => now))).toEqual({ topic: 't', messages: 6, seconds: 0 });
  });

  it('tells the age of the message in hand', async () => {
    const lag = new KafkaLag('g', () => now);
    lag.assigned({ t: [0] });
    lag.at('t', 0, '990000');
    expect(await of(lag)).toMatchObject({ seconds: 10 });
  });

  it('does not call a message old because the one before it was', async () => {
    const lag = new KafkaLag('g', () => now);
    lag.assigned({ t: [0] });
    lag.at('t', 0, '1000');
    ends[0] = '10';
    expect(await of(lag)).toMatchObject({ seconds: 0 });
    now += 3_000;
    ends[0] = '11';
    expect(await of(lag)).toMatchObject({ seconds: 3 });
  });

  it('does not take a look that lies ahead, since the clock was set back, for one', async () => {
    const lag = new KafkaLag('g', () => now);
    lag.assigned({ t: [0] });
    ends[0] = '10';
    await of(lag); // nothing is unread
    now -= 600_000;
    lag.at('t', 0, String(now - 5_000));
    ends[0] = '11';
    expect(await of(lag)).toMatchObject({ seconds: 5 });
  });

  it('tells no age of partitions that went to another member', async () => {
    const lag = new KafkaLag('g', () => now);
    lag.assigned({ t: [0] });
    lag.at('t', 0, '1000');
    lag.assigned({ t: [1] });
    now += 1_000;
    expect(await of(lag)).toMatchObject({ messages: 6, seconds: 1 });
  });
});

function entries(record: Record<number, string>): [number, string][] {
  return Object.entries(record).map(([partition, text]) => [Number(partition), text]);
}
