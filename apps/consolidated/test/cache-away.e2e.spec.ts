import { Client } from 'pg';
import { LocalRedis } from '@libs/embedded';
import { describeWithRedis, eventually, testRedis } from '@libs/testing';
import { aTenant } from './consolidation-database';
import { anEntry } from './entry.builder';
import { RunningConsolidated } from './running-consolidated';

describeWithRedis('consolidated while Redis stands still', () => {
  let redis: LocalRedis;
  let running: RunningConsolidated;
  let admin: Client;

  beforeAll(async () => {
    redis = await testRedis();
    running = await RunningConsolidated.start({ REDIS_URL: redis.url, REDIS_COMMAND_TIMEOUT_MS: '100' });
    admin = new Client({ connectionString: running.database.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    signal('SIGCONT');
    await admin?.end();
    await running?.stop();
    await redis?.stop();
  });

  // Standing still, it keeps its memory: when it goes on, what it holds is older than the database.
  const signal = (name: NodeJS.Signals): void => {
    if (redis?.pid !== undefined) process.kill(redis.pid, name);
  };
  const path = '/consolidated/daily?date=2026-03-10';

  async function offset(): Promise<string> {
    const { rows } = await admin.query<{ position: string }>(
      `select position::text from event_log.group_offset where group_name = 'consolidated' and topic = 'releases.posted.v1'`,
    );
    return rows[0]?.position ?? '0';
  }

  it('answers from the database, acknowledges nothing, and serves no stale day when Redis goes on', async () => {
    const tenant = aTenant();
    const first = anEntry().of(tenant).credit('1.00').build();
    await running.post(first);
    await running.get(`${path}&after=${first.releaseId}`, tenant);
    await eventually(async () => {
      expect((await running.get(path, tenant)).headers.get('x-cache')).toBe('HIT');
    });
    const acknowledged = await eventually(async () => {
      const position = await offset();
      expect(position).not.toBe('0');
      return position;
    });

    signal('SIGSTOP');
    await running.post(anEntry().of(tenant).credit('2.00').build());
    await eventually(async () => {
      const reply = await running.get(path, tenant);
      expect([reply.status, reply.headers.get('x-cache'), reply.body['credits']]).toEqual([
        200,
        'MISS',
        '3.00',
      ]);
    });
    expect(await offset()).toBe(acknowledged);

    signal('SIGCONT');
    for (let read = 0; read < 50; read++)
      expect((await running.get(path, tenant)).body['credits']).toBe('3.00');
    await eventually(async () => {
      expect(await offset()).not.toBe(acknowledged);
      expect((await running.get(path, tenant)).headers.get('x-cache')).toBe('HIT');
    });
    expect((await running.get(path, tenant)).body).toMatchObject({ credits: '3.00', count: 2 });
  });
});
