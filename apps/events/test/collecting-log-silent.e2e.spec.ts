import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { call, eventually, LosingProxy } from '@libs/testing';
import { CollectedResponse } from '../src/interfaces/http/collect.response';
import { EventsHouse, TestTenant } from './events.house';
import { runningSink } from './running-sink';
import { aPageView } from './sdk-event.builder';

/** What an append may take, and what a busy machine adds. */
const WITHIN = { within: 45_000, every: 500 };

let proxy: LosingProxy;
let house: EventsHouse;
let sink: NestFastifyApplication;
let tenant: TestTenant;
let key: string;

beforeAll(async () => {
  house = await EventsHouse.open({
    environment: { EVENT_LOG_PATIENCE_MS: '2000' },
    logBy: async (url) => (proxy = await LosingProxy.to(url)).url,
  });
  sink = await runningSink(house);
  tenant = await house.tenant();
  key = await house.key(tenant);
});
afterAll(async () => {
  await sink?.close();
  await house?.close();
  await proxy?.close();
});

const aPayment = () =>
  aPageView({
    event_type: 'payment_completed',
    properties: { transaction_id: crypto.randomUUID(), amount: '10.50', currency: 'BRL' },
  });
const send = (event: object) =>
  call<CollectedResponse & { code?: string }>(house.url, '/api/v1/events', {
    body: event,
    headers: { 'x-api-key': key },
  });
async function times(eventId: string): Promise<{ logged: number; stored: number }> {
  const { rows } = await house.admin.query<{ n: number }>(
    'select count(*)::int as n from events.user_events where tenant_id = $1 and event_id = $2',
    [tenant.tenantId, eventId],
  );
  const logged = house.logged.all().filter((event) => event.eventId === eventId);
  return { logged: logged.length, stored: rows[0]?.n ?? 0 };
}

it('a log whose answers are lost: 503, then 202 again, and what is sent again is one event', async () => {
  expect((await send(aPayment())).status).toBe(202); // over the connection that is lost then
  const event = aPayment();
  proxy.lose('answers');
  const { status, headers, body } = await send(event);
  expect([status, body.code]).toEqual([503, 'event_log_unavailable']);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  await eventually(async () => expect(await times(event.event_id)).toEqual({ logged: 1, stored: 1 }));

  proxy.carryAgain();
  await eventually(async () => expect((await send(event)).status).toBe(202), WITHIN);
  await eventually(async () => expect((await times(event.event_id)).logged).toBeGreaterThan(1));
  const last = aPayment();
  expect((await send(last)).status).toBe(202);
  await eventually(async () => expect(await times(last.event_id)).toEqual({ logged: 1, stored: 1 }));
  expect((await times(event.event_id)).stored).toBe(1);
}, 90_000);
