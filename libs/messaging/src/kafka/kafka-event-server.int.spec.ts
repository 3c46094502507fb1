import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { describeWithKafka, eventually, TestKafka, testKafka } from '@libs/testing';
import { itKeepsTheEventTransportContract } from '../../test/event-transport.contract';
import { eventPublisher } from '../event-publishers';
import { Member, messages, upTo } from '../../test/member';

describeWithKafka('Apache Kafka', () => {
  let kafka: TestKafka;

  beforeAll(async () => {
    kafka = await testKafka();
  }, 120_000);
  afterAll(() => kafka.stop());

  async function texts(topic: string): Promise<string[]> {
    const client = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING });
    const admin = client.admin();
    const consumer = client.consumer({ groupId: `past ${topic} ${randomUUID()}` }); // none that remembers offsets
    const found: string[] = [];
    try {
      const offsets = await admin.fetchTopicOffsets(topic);
      const expected = offsets.reduce((sum, { high }) => sum + Number(high), 0);
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await consumer.run({
        eachMessage: async ({ message }) => void found.push(message.value?.toString() ?? ''),
      });
      await eventually(() => expect(found).toHaveLength(expected), { within: 20_000 });
      return found;
    } finally {
      await Promise.all([consumer.disconnect(), admin.disconnect()]);
    }
  }

  describe('in plain text', () => {
    itKeepsTheEventTransportContract(() => ({ settings: { brokers: kafka.brokers, partitions: 3 }, texts }));
  });

  describe('over TLS with SCRAM-SHA-512', () => {
    itKeepsTheEventTransportContract(() => ({ settings: secured(), texts }));

    it('refuses a wrong password', async () => {
      const publisher = eventPublisher({ ...secured(), password: 'wrong' });
      await expect(publisher.publish('any.v1', messages('any.v1', 0, 1))).rejects.toThrow(
        /SASL|authentication/i,
      );
      await publisher.close();
    });

    it('refuses a broker whose certificate nobody it trusts has signed', async () => {
      const publisher = eventPublisher({ ...secured(), sslCa: undefined });
      await expect(publisher.publish('any.v1', messages('any.v1', 0, 1))).rejects.toThrow(/self-signed/i);
      await publisher.close();
    });
  });

  it('publishes on a topic that nobody has made or reads', async () => {
    const publisher = eventPublisher({ brokers: kafka.brokers, partitions: 1 });
    await publisher.publish('unread.v1', messages('unread.v1', 0, 3));
    await publisher.close();
    expect(await texts('unread.v1')).toHaveLength(3);
  });

  it('refuses while the broker is away, and both sides carry on when it is back', async () => {
    const settings = { brokers: kafka.brokers, partitions: 1 };
    const [publisher, reader] = [
      eventPublisher(settings),
      await Member.start(settings, ['away.v1'], { group: 'away' }),
    ];
    await eventually(() => publisher.publish('away.v1', messages('away.v1', 0, 5)), { within: 20_000 });
    await eventually(() => expect(reader.seen).toEqual(upTo(5)), { within: 20_000 });
    await kafka.pause();
    await expect(publisher.publish('away.v1', messages('away.v1', 5, 10))).rejects.toThrow();
    await kafka.resume();
    await eventually(() => publisher.publish('away.v1', messages('away.v1', 5, 10)), { within: 30_000 });
    await eventually(() => expect(reader.seen).toEqual(upTo(10)), { within: 60_000 });
    await Promise.all([publisher.close(), reader.stop()]);
  }, 180_000);

  function secured() {
    const { username, password, ca } = kafka;
    return { brokers: kafka.saslBrokers, username, password, sslCa: ca, partitions: 3 };
  }
});
