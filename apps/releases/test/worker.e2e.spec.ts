import { NestFactory } from '@nestjs/core';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { sqsClient } from '@libs/aws';
import { QueuedReleaseV1, TenantChangedV1, tenantChangedV1Example, topics } from '@libs/contracts';
import { EventPublisher, ReleaseId, TenantId, newId } from '@libs/kernel';
import { eventually } from '@libs/testing';
import { RedriveReleases } from '../src/application/redrive-releases';
import { RedriveModule } from '../src/redrive.module';
import { aRelease } from './release.builder';
import { ReleasesHouse, aCaller } from './releases.house';
import { queuedRelease } from '../src/infrastructure/sqs/queued-release';

const SALE = { description: 'Venda no balcão', amount: '150.00' };

describe('the releases worker', () => {
  let house: ReleasesHouse;
  let sqs: SQSClient;

  beforeAll(async () => {
    house = await ReleasesHouse.open();
    sqs = sqsClient(house.aws.settings);
    await house.hireWorker();
    await house.hireWorker();
  });
  afterAll(async () => {
    sqs?.destroy();
    await house?.close();
  });

  const enqueue = async (tenantId: string, releases: unknown[], queue = 'releases') => {
    const envelope = {
      id: newId(),
      type: 'releases.queued.v1',
      version: 1,
      tenantId,
      occurredAt: new Date().toISOString(),
      requestId: newId(),
      payload: { releases },
    };
    await sqs.send(
      new SendMessageCommand({ QueueUrl: house.aws.queueUrls[queue], MessageBody: JSON.stringify(envelope) }),
    );
  };
  const anItem = (tenantId: TenantId): QueuedReleaseV1 => queuedRelease(aRelease().of(tenantId).build());
  const rowsOf = async (table: string, tenantId: string) =>
    (await house.admin.query(`select * from releases.${table} where tenant_id = $1`, [tenantId])).rows;
  const factsOf = async (tenantId: string, topic: string) => {
    const { rows } = await house.admin.query(
      `select m ->> 'payload' as payload from releases.outbox, json_array_elements(messages) m
       where tenant_id = $1 and topic = $2`,
      [tenantId, topic],
    );
    return rows.map((row) => JSON.parse(row.payload));
  };

  it('has one effect for a message that comes many times, in any order', async () => {
    const caller = aCaller();
    const items = Array.from({ length: 60 }, () => anItem(caller.tenantId));
    const messages = [items.slice(0, 20), items.slice(20, 40), items.slice(40)];
    for (const message of [...messages, ...messages.toReversed(), messages[1] ?? [], items.toReversed()])
      await enqueue(caller.tenantId, message);
    await eventually(async () => expect(await rowsOf('release', caller.tenantId)).toHaveLength(60));
    await queueIsEmpty();
    expect(await factsOf(caller.tenantId, topics.releasesPosted)).toHaveLength(60);
  });

  it('puts poison aside with its reason, tells it once, and posts the rest of the message', async () => {
    const caller = aCaller();
    const items = Array.from({ length: 20 }, () => anItem(caller.tenantId));
    const [nul, zero] = [items[3], items[11]] as [QueuedReleaseV1, QueuedReleaseV1];
    nul.description = 'NUL \0';
    zero.amount = '0.00';
    await enqueue(caller.tenantId, items);
    await enqueue(caller.tenantId, items);
    await eventually(async () => expect(await rowsOf('release', caller.tenantId)).toHaveLength(18));
    await queueIsEmpty();
    expect(await rowsOf('rejection', caller.tenantId)).toHaveLength(2);
    expect(await rowsOf('dead_letter', caller.tenantId)).toHaveLength(2);
    const facts = await factsOf(caller.tenantId, topics.releasesRejected);
    expect(facts.map((fact) => fact.releaseId).sort()).toEqual([nul.releaseId, zero.releaseId].sort());
    const shown = await house.call(caller, `/${nul.releaseId}`);
    expect(shown.body).toMatchObject({ status: 'rejected', reason: { code: 'invalid_data' } });
  });

  it('lets the first body of a key stand when the stored answer is gone', async () => {
    const caller = aCaller();
    const first = anItem(caller.tenantId);
    await enqueue(caller.tenantId, [first]);
    await eventually(async () => expect(await rowsOf('release', caller.tenantId)).toHaveLength(1));
    await enqueue(caller.tenantId, [{ ...first, amount: '1.00', inputHash: 'another' }]);
    await eventually(async () =>
      expect(await rowsOf('rejection', caller.tenantId)).toMatchObject([
        { reason: 'idempotency_key_reused' },
      ]),
    );
    expect((await house.call(caller, `/${first.releaseId}`)).body).toMatchObject({
      status: 'posted',
      amount: '150.00',
    });
  });

  it.each([
    ['an item that is no release', [null]],
    ['an item without ids', [{ releaseId: 'x' }]],
    ['a payload without releases', undefined],
  ])('keeps %s as a dead letter and goes on', async (_name, releases) => {
    const tenantId = newId<TenantId>();
    await enqueue(tenantId, releases as unknown[]);
    await eventually(async () =>
      expect(await rowsOf('dead_letter', tenantId)).toMatchObject([{ reason: 'invalid_data' }]),
    );
  });

  it("takes a tenant's new time zone for later posts only", async () => {
    const caller = aCaller();
    const occurredAt = '2026-11-22T03:30:00.000Z';
    const dayOf = async () => {
      const { body } = await house.call<{ id: string }>(caller, '', { body: { ...SALE, occurredAt } });
      return eventually(async () => {
        const shown = await house.call<{ status: string; businessDate: string }>(caller, `/${body.id}`);
        expect(shown.body.status).toBe('posted');
        return shown.body.businessDate;
      });
    };
    expect(await dayOf()).toBe('2026-11-22');
    const payload: TenantChangedV1 = { ...tenantChangedV1Example, timeZone: 'America/Manaus', revision: 2 };
    const envelope = {
      id: newId(),
      type: topics.tenantChanged,
      version: 1,
      tenantId: caller.tenantId,
      occurredAt,
      requestId: newId(),
      payload,
    };
    const worker = await house.hireWorker();
    const publisher = worker.get(EventPublisher, { strict: false });
    await publisher.publish(topics.tenantChanged, [
      { key: caller.tenantId, value: JSON.stringify(envelope) },
    ]);
    await eventually(async () =>
      expect(await rowsOf('tenant', caller.tenantId)).toMatchObject([{ time_zone: 'America/Manaus' }]),
    );
    expect(await dayOf()).toBe('2026-11-21');
  });

  it('loses and doubles nothing when its database connections are cut', async () => {
    const caller = aCaller();
    for (let batch = 0; batch < 5; batch++) {
      const releases = Array.from({ length: 200 }, () => SALE);
      await house.call(caller, '/batch', { body: { releases } });
      await house.admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where usename = 'releases_worker' and datname = current_database()`,
      );
    }
    await eventually(async () => expect(await rowsOf('release', caller.tenantId)).toHaveLength(1000), {
      within: 30_000,
    });
    await queueIsEmpty();
    expect(await factsOf(caller.tenantId, topics.releasesPosted)).toHaveLength(1000);
    expect(await rowsOf('rejection', caller.tenantId)).toHaveLength(0);
  });

  describe('redriving', () => {
    const redrive = async (work: (redrive: RedriveReleases) => Promise<unknown>) => {
      const app = await NestFactory.createApplicationContext(RedriveModule.forRoot(house.redriveConfig()), {
        logger: false,
      });
      try {
        return await work(app.get(RedriveReleases));
      } finally {
        await app.close();
      }
    };

    it('posts what can be posted by now, counts it, and is harmless twice', async () => {
      await redrive((one) => one.execute());
      await queueIsEmpty();
      const caller = aCaller();
      const item = anItem(caller.tenantId);
      // as after a mended defect: what was put aside is fine today
      await house.admin.query(
        `insert into releases.rejection (tenant_id, release_id, input_hash, reason, detail)
         values ($1, $2, $3, 'invalid_data', 'then')`,
        [caller.tenantId, item.releaseId as ReleaseId, item.inputHash],
      );
      await house.admin.query(
        `insert into releases.dead_letter (id, tenant_id, source, reason, detail, payload)
         values ($1, $2, 'releases', 'invalid_data', 'then', $3)`,
        [newId(), caller.tenantId, JSON.stringify(item)],
      );
      // beside one that no text column could hold, and which must not stop the others
      await house.admin.query(
        `insert into releases.dead_letter (id, tenant_id, source, reason, detail, payload)
         values ($1, $2, 'releases', 'invalid_data', 'then', $3)`,
        [newId(), caller.tenantId, JSON.stringify({ ...anItem(caller.tenantId), inputHash: 'a\0b' })],
      );
      await enqueue(caller.tenantId, [item], 'releases-dlq');
      const stranded = anItem(caller.tenantId);
      await enqueue(caller.tenantId, [stranded], 'releases-dlq');
      expect((await house.call(caller, `/${item.releaseId}`)).body).toMatchObject({ status: 'rejected' });

      const found = (await redrive((one) => one.preview())) as { rows: number; messages: number };
      expect(found.rows).toBeGreaterThanOrEqual(1);
      expect(await rowsOf('release', caller.tenantId)).toHaveLength(0);
      await redrive((one) => one.execute());
      await eventually(async () => expect(await rowsOf('release', caller.tenantId)).toHaveLength(2));
      await redrive((one) => one.execute());
      await queueIsEmpty();
      expect(await factsOf(caller.tenantId, topics.releasesPosted)).toHaveLength(2);
      expect((await house.call(caller, `/${item.releaseId}`)).body).toMatchObject({ status: 'posted' });
    });

    it('puts what is still poison aside again, once', async () => {
      const caller = aCaller();
      const item = { ...anItem(caller.tenantId), description: 'NUL \0' };
      await enqueue(caller.tenantId, [item]);
      await eventually(async () => expect(await rowsOf('dead_letter', caller.tenantId)).toHaveLength(1));
      await redrive((one) => one.execute());
      await eventually(async () => expect(await rowsOf('dead_letter', caller.tenantId)).toHaveLength(2));
      await queueIsEmpty();
      const letters = await rowsOf('dead_letter', caller.tenantId);
      expect(letters.filter((letter) => letter.redriven_at === null)).toHaveLength(1);
      expect(await rowsOf('rejection', caller.tenantId)).toHaveLength(1);
    });
  });

  async function queueIsEmpty(): Promise<void> {
    await eventually(async () => expect(await house.waitingMessages()).toBe(0), {
      within: 20_000,
      every: 100,
    });
  }
});
