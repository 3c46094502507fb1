import { Agent, request } from 'node:http';
import { call, eventually } from '@libs/testing';
import { Attack, attack } from './collecting.hostile';
import { EventsHouse } from './events.house';
import { idleProcess } from './idle-process';
import { aPageView } from './sdk-event.builder';

const ATTACKS = 10_000;
const AT_ONCE = 4;

let house: EventsHouse;
let key: string;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

beforeAll(async () => {
  house = await EventsHouse.open({ apart: true });
  key = await house.key(await house.tenant());
});
afterAll(async () => {
  agent.destroy();
  await house.close();
});

/** The status; 0 where the connection was closed on a body that was too much. */
function fire({ path, headers, body }: Attack): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(
      `${house.url}/api/v1/events${path}`,
      { method: 'POST', agent, headers: { ...headers, 'x-api-key': key, 'content-length': body.length } },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
        answer.on('error', () => resolve(0));
      },
    );
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}

/** What the process says of itself; asking starts a new measurement of its event loop. */
const vitals = async () => {
  const text = await (await fetch(`${house.url}/metrics`)).text();
  const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return {
    startedAt: read('process_start_time_seconds'),
    // It looks every 100 ms, and counts those in.
    loopDelayP99: read('nodejs_eventloop_lag_p99_seconds') - 0.1,
  };
};

describe('a collector under fire', () => {
  it('answers thousands of malformed bodies by a 4xx or a verdict, and stays quick', async () => {
    const idle = idleProcess();
    const before = await vitals();
    const statuses = new Map<number, number>();
    const bad: number[] = [];
    let next = 0;
    const shooter = async () => {
      while (next < ATTACKS) {
        const n = next++;
        const status = await fire(attack(n));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status >= 500) bad.push(n);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, shooter));

    expect(bad).toEqual([]);
    expect([...statuses.keys()].filter((status) => ![0, 202, 400, 413, 415, 422].includes(status))).toEqual(
      [],
    );
    expect(statuses.get(0) ?? 0).toBeLessThan(ATTACKS / 50);
    expect(statuses.get(202)).toBeGreaterThan(1_000);
    const after = await vitals();
    expect(after.startedAt).toBe(before.startedAt);
    expect(after.loopDelayP99 - (await idle.waitedP99())).toBeLessThan(0.1);
    const event = aPageView();
    const honest = await call(house.url, '/api/v1/events', { body: event, headers: { 'x-api-key': key } });
    expect(honest.body).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
    await eventually(() => expect(house.logged.find(event.event_id)).toBeDefined());
  }, 180_000);
});
