import { Kafka } from 'kafkajs';
import { eventually } from '@libs/testing';
import { KafkaEventServer } from './kafka-event-server';

jest.mock('./kafka-client', () => ({ kafkaClient: () => client }));
jest.mock('./ensure-topics', () => ({ ensureTopics: () => Promise.resolve() }));

const away = () => Promise.reject(new Error('Connection error: broker away'));
const done = () => Promise.resolve();
const consumer = {
  events: {},
  on: jest.fn(),
  connect: jest.fn(),
  subscribe: done,
  run: done,
  disconnect: away,
};
const producer = { connect: done, disconnect: jest.fn(done) };
const client = { consumer: () => consumer, producer: () => producer } as unknown as Kafka;

describe('a consumer of Kafka whose broker is away while it parts', () => {
  const unheard: unknown[] = [];
  const hear = (error: unknown) => void unheard.push(error);
  beforeAll(() => process.on('unhandledRejection', hear));
  afterAll(() => process.off('unhandledRejection', hear));

  function listening(): KafkaEventServer {
    const server = new KafkaEventServer({ brokers: ['nowhere:1'] }, { group: 'parting' });
    server.addHandler('parting.v1', () => Promise.resolve(), true);
    server.listen(() => undefined);
    return server;
  }

  it('tries to join again, and stops', async () => {
    consumer.connect.mockImplementationOnce(away).mockImplementation(done);
    const server = listening();
    await eventually(() => expect(consumer.connect).toHaveBeenCalledTimes(2));
    await server.close();
    expect(unheard).toEqual([]);
    expect(producer.disconnect).toHaveBeenCalled();
  });
});
