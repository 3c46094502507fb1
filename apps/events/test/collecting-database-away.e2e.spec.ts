import { call, describeWithKafka, eventually, LosingProxy, TestKafka, testKafka } from '@libs/testing';
import { CollectedResponse } from '../src/interfaces/http/collect.response';
import { EventsHouse, TestTenant } from './events.house';
import { aPageView } from './sdk-event.builder';

describeWithKafka('with Kafka as the log', () => {
  let kafka: TestKafka;
  let house: EventsHouse;
  let tenant: TestTenant;
  let proxy: LosingProxy;
  let key: string;

  beforeAll(async () => {
    kafka = await testKafka();
    house = await EventsHouse.open({
      environment: { KAFKA_BROKERS: kafka.brokers.join(',') },
      databaseBy: async (url) => (proxy = await LosingProxy.to(url)).url,
    });
    tenant = await house.tenant();
    key = await house.key(tenant);
  }, 120_000);
  afterAll(async () => {
    await house?.close();
    await kafka?.stop();
  });

  const send = (by: { token: string } | { headers: Record<string, string> }) =>
    call<CollectedResponse & { code?: string }>(house.url, '/api/v1/events', { body: aPageView(), ...by });

  it('PostgreSQL away: events of people go on, keys that may have been revoked and readers are asked to wait', async () => {
    const token = house.token(tenant, 'analytics:read events:write');
    const byKey = { headers: { 'x-api-key': key } };
    await eventually(async () => expect((await send(byKey)).status).toBe(202));
    await proxy.close();

    for (const path of ['/api/v1/events', '/api/v1/transactions']) {
      const { status, headers, body } = await call<{ code: string }>(house.url, path, { token });
      expect([status, body.code]).toEqual([503, 'database_unavailable']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    await eventually(async () => {
      const { status, headers, body } = await send(byKey);
      expect([status, body.code]).toEqual([503, 'database_unavailable']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    });
    expect(await send({ token })).toMatchObject({ status: 202, body: { accepted: 1 } });
  }, 60_000);
});
