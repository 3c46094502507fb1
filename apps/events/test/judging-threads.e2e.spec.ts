import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Envelope } from '@libs/contracts';
import { EventBody, Reception } from '../src/application/delivery';
import { EventJudge, JudgedEvents } from '../src/application/event-judge';
import { JudgeOnThreads } from '../src/infrastructure/judging/judge-on-threads';
import { TenantShares } from '../src/infrastructure/log/tenant-shares';
import { judgeHere } from '../src/judging.wiring';
import { aTenant } from './logged-event.builder';
import { aPageView } from './sdk-event.builder';

const THREAD = join(process.cwd(), 'dist/apps/events/src/judging.thread.js');
const pseudonymSecret = 'a secret of the tests, of 32 characters';
const MIB = 1024 * 1024;
const NOW = Date.now();

const reception: Reception = {
  tenantId: aTenant(),
  appId: '019a2b3c-0000-7000-8000-00000000000a',
  ip: '203.0.113.7',
  country: 'BR',
  receivedMs: NOW,
  oldest: { critical: NOW - 1e11, other: NOW - 1e10 },
  requestId: 'request',
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`,
};

const here = judgeHere(pseudonymSecret);
/** Says who was asked: what threads judge never comes to it. */
class Counted extends EventJudge {
  asked = 0;
  judge(...of: Parameters<EventJudge['judge']>): Promise<JudgedEvents> {
    this.asked += 1;
    return here.judge(...of);
  }
}

let fallback: Counted;
let judge: JudgeOnThreads;
let threads: Worker[];

/** Blanks after the JSON make it large enough for a thread. */
const bodyOf = (value: unknown, batch = true): EventBody => ({
  source: 'sdk',
  batch,
  bytes: Buffer.from((typeof value === 'string' ? value : JSON.stringify(value)).padEnd(32 * 1024)),
});

beforeEach(async () => {
  fallback = new Counted();
  threads = [];
  const start = (): Worker => {
    const worker = new Worker(THREAD, { workerData: { pseudonymSecret } });
    threads.push(worker);
    return worker;
  };
  judge = new JudgeOnThreads(fallback, { threads: 2, start, shares: new TenantShares(Infinity) });
  const filler = bodyOf(' '.repeat(2 * MIB));
  for (const until = Date.now() + 40_000; threads.length === 0 && Date.now() < until; await sleep(100))
    await expect(judge.judge(reception, filler)).rejects.toThrow();
  // until both are ready, this one is asked
  for (let before = -1; before !== fallback.asked; await sleep(200)) {
    before = fallback.asked;
    await Promise.all([1, 2].map(() => judge.judge(reception, bodyOf({ events: [aPageView()] }))));
  }
  fallback.asked = 0;
});
afterEach(() => judge.onApplicationShutdown());

/** All that is the same each time. */
function told({ entries, accepted, rejected }: JudgedEvents) {
  const plain = ({ key, value }: { key: string; value: string }) => {
    const { id: _, occurredAt: __, ...envelope } = JSON.parse(value) as Envelope & { payload: object };
    const payload = JSON.stringify(envelope.payload).replace(/"rejectionId":"[^"]*"/g, '');
    return { key, ...envelope, payload };
  };
  return { accepted, rejected, events: entries.events.map(plain), errors: entries.errors.map(plain) };
}

it('judges on a thread as here: masks, refuses, and tells the log the same', async () => {
  const events = [
    aPageView({ user: { user_id: 'dona@padaria.example', device_id: 'd' } }),
    aPageView({ context: { url: 'https://x.example/?cpf=529.982.247-25&token=abc' } }),
    aPageView({ event_type: 'page_vew' }),
    aPageView({ timestamp: '2001-01-01T00:00:00.000Z' }),
    'no event',
    aPageView({ properties: { note: 'João 😀 ação' } }),
  ];
  const bodies = [
    ...events.map((event) => bodyOf({ events: [event] })),
    bodyOf({ events }),
    bodyOf({ events: Array.from({ length: 100 }, () => aPageView()) }),
    bodyOf(aPageView(), false),
  ];
  const judged = await Promise.all(bodies.map((body) => judge.judge(reception, body)));
  expect(fallback.asked).toBe(0);
  const expected = await Promise.all(bodies.map((body) => here.judge(reception, body)));
  expect(judged.map(told)).toEqual(expected.map(told));
});

it('says of what is no delivery the same as here', async () => {
  for (const wrong of [
    '',
    '{"events"',
    '[]',
    '{}',
    '{"events":[]}',
    '{"events":[{}],"a":1}',
    '{"a":1,"a":2}',
  ]) {
    const [refused, expected] = await Promise.all(
      [judge, here].map((by) => by.judge(reception, bodyOf(wrong)).catch((error: unknown) => error)),
    );
    expect(refused).toBeInstanceOf(Error);
    expect(refused).toEqual(expected);
  }
});

it('loses nothing that a thread held as it died', async () => {
  const asked = Array.from({ length: 50 }, () =>
    judge.judge(reception, bodyOf({ events: Array.from({ length: 100 }, () => aPageView()) })),
  );
  await Promise.all(threads.map((thread) => thread.terminate()));
  const judged = await Promise.all(asked);
  expect(judged.reduce((sum, { accepted }) => sum + accepted.length, 0)).toBe(5_000);
});
