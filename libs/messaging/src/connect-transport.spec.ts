import { Controller, INestApplication } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { requestContext } from '@libs/kernel';
import { anEnvelope } from '../test/member';
import { Batch } from './batch';
import { BatchServer, EVENT_LOG, QUEUE } from './batch-server';
import { bisect } from './bisect';
import { connectTransport } from './connect-transport';

/** Delivers by hand. */
class ByHand extends BatchServer {
  override transportId = EVENT_LOG;
  check = (): Promise<void> => Promise.resolve();
  listen(callback: () => void): void {
    callback();
  }
  protected shut = (): Promise<void> => Promise.resolve();
  deliver(topic: string, batch: Batch): Promise<void> {
    return this.handle(topic, batch);
  }
}

class UniqueViolation extends Error {
  readonly code = '23505';
}

@Controller()
class CountReleases {
  static counted: string[] = [];
  static requestIds: (string | undefined)[] = [];

  @EventPattern('posted.v1', EVENT_LOG)
  async count(@Payload() batch: Batch<{ n: number }>): Promise<void> {
    CountReleases.requestIds.push(requestContext.current()?.requestId);
    if (batch.messages.some((message) => message.envelope.payload.n === 3))
      throw new UniqueViolation('duplicate');
    CountReleases.counted.push(...batch.messages.map((message) => message.envelope.id));
  }

  @EventPattern('posted.v1', QUEUE)
  async other(@Payload() _batch: Batch): Promise<void> {
    throw new Error('belongs to the queue');
  }

  @EventPattern('twice.v1', EVENT_LOG)
  async once(@Payload() _batch: Batch): Promise<void> {}

  @EventPattern('twice.v1', EVENT_LOG)
  async again(@Payload() _batch: Batch): Promise<void> {}
}

describe('a transport in a Nest application', () => {
  let app: INestApplication;
  const transport = new ByHand();
  const batch = (...ns: number[]): Batch =>
    new Batch(
      'posted.v1',
      ns.map((n) => ({ envelope: anEnvelope('posted.v1', n), text: '', receives: 1 })),
    );

  beforeAll(async () => {
    const module = await Test.createTestingModule({ controllers: [CountReleases] }).compile();
    app = module.createNestApplication(new FastifyAdapter(), { logger: false });
    connectTransport(app, transport);
    await app.startAllMicroservices();
  });
  afterAll(() => app.close());

  it('hands an @EventPattern handler the whole batch, in a request context of its own', async () => {
    await transport.deliver('posted.v1', batch(1, 2));
    expect(CountReleases.counted).toHaveLength(2);
    expect(CountReleases.requestIds).toEqual([expect.any(String)]);
  });

  it("lets the handler's own error through, so that 23505 reaches the bisecting retry", async () => {
    await expect(transport.deliver('posted.v1', batch(1, 3))).rejects.toBeInstanceOf(UniqueViolation);
    const rows = batch(1, 2, 3, 4).messages;
    const poisoned = await bisect(
      rows,
      (some) => transport.deliver('posted.v1', new Batch('posted.v1', some)),
      (error) => (error as { code?: string }).code === '23505',
    );
    expect(poisoned.map(({ row }) => row.envelope.payload)).toEqual([{ n: 3 }]);
  });

  it('refuses two handlers of one topic, which Nest would chain', async () => {
    await expect(transport.deliver('twice.v1', batch(1))).rejects.toThrow('two handlers claim twice.v1');
  });
});
