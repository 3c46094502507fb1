import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@libs/kernel';
import { eventually } from '@libs/testing';
import { AnalyticsHouse, TestTenant } from './analytics.house';
import { LiveSocketClient, LiveStreamClient } from './live-listener';
import { aTrackedEvent } from './tracked-event.builder';

type Bearer = { authorization: string };

describe('live counts', () => {
  let house: AnalyticsHouse;
  beforeAll(async () => {
    house = await AnalyticsHouse.open();
  }, 60_000);
  afterAll(() => house?.close());

  const bearer = (tenant: TestTenant): Bearer => ({ authorization: `Bearer ${house.token(tenant)}` });
  const happened = (tenant: TestTenant, minutesAgo: number, changes = {}) => {
    const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
    return aTrackedEvent({ ...tenant, eventId: randomUUID(), timestamp: at, occurredAt: at, ...changes });
  };
  const visitor = (): { userId: string; deviceId: string; sessionId: string } => ({
    userId: newId(),
    deviceId: newId(),
    sessionId: newId(),
  });
  const page = (url: string) => ({ context: { url: `https://app.moneyflow.com${url}` } });

  it('tell who is there, where, and what happened, by both ways the same', async () => {
    const tenant = await house.tenant();
    const [ana, bia, caio] = [visitor(), visitor(), visitor()];
    await house.store([
      happened(tenant, 0.2, { ...ana, ...page('/pix') }),
      happened(tenant, 2, { ...bia, ...page('/pix'), country: 'PT', device: { kind: 'mobile' } }),
      happened(tenant, 12, { ...caio, ...page('/extrato') }),
      happened(tenant, 40, { ...visitor(), ...page('/') }),
    ]);
    const socket = await LiveSocketClient.open(house.url, bearer(tenant));
    const stream = await LiveStreamClient.open(house.url, bearer(tenant));
    // what the stream begins with both hear: between the two openings a second may pass that the socket alone is told of
    const same = await stream.counts.until(() => true);
    const told = await socket.counts.until(({ asOf }) => asOf === same.asOf);
    expect(told).toEqual({
      appId: tenant.appId,
      timeZone: 'America/Sao_Paulo',
      asOf: expect.stringMatching(/:\d\d\.000Z$/),
      seq: expect.stringMatching(/^\d+$/),
      activeVisitors: { count: 2, method: 'exact', error: 0 },
      activeSessions: 3,
      eventsLastMinute: 1,
      eventsLast30Minutes: 3,
      pages: [{ value: 'app.moneyflow.com/pix', visitors: 2 }],
      countries: [
        { value: 'BR', visitors: 1 },
        { value: 'PT', visitors: 1 },
      ],
      devices: [
        { value: 'desktop', visitors: 1 },
        { value: 'mobile', visitors: 1 },
      ],
    });
    expect(JSON.stringify(same)).toBe(JSON.stringify(told));
    expect(stream.ids[0]).toBe(`${same.asOf} ${same.seq}`);
    socket.close();
    stream.close();
  });

  it('tell an event within two seconds, and nothing oftener than once a second', async () => {
    const tenant = await house.tenant();
    const socket = await LiveSocketClient.open(house.url, bearer(tenant));
    await socket.counts.until(({ eventsLastMinute }) => eventsLastMinute === 0);
    const stored = Date.now();
    await house.store([happened(tenant, 0, visitor())]);
    await socket.counts.until(({ eventsLastMinute }) => eventsLastMinute === 1);
    expect(Date.now() - stored).toBeLessThan(3_000);
    await house.store([happened(tenant, 0, visitor()), happened(tenant, 0, visitor())]);
    await socket.counts.until(({ eventsLastMinute }) => eventsLastMinute === 3);
    const seconds = socket.counts.all.map(({ asOf }) => asOf);
    expect(new Set(seconds).size).toBe(seconds.length);
    socket.close();
  });

  it('go on every five seconds where nothing happens', async () => {
    const tenant = await house.tenant();
    const stream = await LiveStreamClient.open(house.url, bearer(tenant));
    await sleep(11_500);
    const turns = stream.counts.all.slice(1).map(({ asOf }) => Date.parse(asOf));
    expect(turns.length).toBeGreaterThanOrEqual(2);
    expect(turns.length).toBeLessThanOrEqual(3);
    // at the fifth second itself, or where the machine is busy (what takes long is told less often) at one of the next
    const fives = turns.map((ms) => Math.floor(ms / 5_000));
    expect(fives).toEqual(fives.map((_, at) => (fives[0] as number) + at));
    expect(turns.every((ms) => ms % 1_000 === 0)).toBe(true);
    stream.close();
  }, 30_000);

  it('are of the application of an API key, and of no other', async () => {
    const tenant = await house.tenant();
    const key = { 'x-api-key': await house.key(tenant) };
    await house.store([
      happened(tenant, 0.1, visitor()),
      happened({ ...tenant, appId: newId() }, 0.1, visitor()),
    ]);
    const socket = await LiveSocketClient.open(house.url, key);
    expect((await socket.counts.until(() => true)).eventsLast30Minutes).toBe(1);
    socket.close();
  });

  it('answer HEAD of the stream without one', async () => {
    const tenant = await house.tenant();
    const answer = await fetch(`${house.url}/api/v1/analytics/stream`, {
      method: 'HEAD',
      headers: bearer(tenant),
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
  });

  it('answer a page that pings', async () => {
    const socket = await LiveSocketClient.open(house.url, bearer(await house.tenant()));
    socket.socket.send('{"event":"ping"}');
    await eventually(() => expect(socket.texts).toContain('{"event":"pong"}'));
    socket.close();
  });
});
