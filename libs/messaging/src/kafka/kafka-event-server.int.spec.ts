import { Kafka, logLevel } from 'kafkajs';
import { LocalKafka } from '@libs/embedded';
import { describeWithKafka, eventually, testKafka } from '@libs/testing';
import { itKeepsTheEventTransportContract } from '../../test/event-transport.contract';
import { eventPublisher } from '../event-publishers';
import { messages } from '../../test/member';

describeWithKafka('Apache Kafka', () => {
  let kafka: LocalKafka;

  beforeAll(async () => {
    kafka = await testKafka();
  }, 120_000);
  afterAll(() => kafka.stop());

  async function texts(topic: string): Promise<string[]> {
    const client = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING });
    const admin = client.admin();
    const consumer = client.consumer({ groupId: `past ${topic}` });
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

  function secured() {
    const { username, password, ca } = kafka;
    return { brokers: kafka.saslBrokers, username, password, sslCa: ca, partitions: 3 };
  }
});
