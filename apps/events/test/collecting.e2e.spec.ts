import { readFileSync } from 'node:fs';
import { call, eventually } from '@libs/testing';
import { CollectedResponse } from '../src/interfaces/http/collect.response';
import { EventsHouse, TestTenant } from './events.house';
import { aPageView } from './sdk-event.builder';

let house: EventsHouse;
let tenant: TestTenant;
let key: string;

beforeAll(async () => {
  house = await EventsHouse.open();
  tenant = await house.tenant();
  key = await house.key(tenant);
});
afterAll(() => house.close());

const byKey = (headers: Record<string, string> = {}) => ({ 'x-api-key': key, ...headers });
const send = (path: string, body: unknown, headers = byKey()) =>
  call<CollectedResponse>(house.url, `/api/v1/events${path}`, { body, headers });

describe('the collector', () => {
  it('takes the sample event of the source document as it is written', async () => {
    const sample = JSON.parse(readFileSync(`${__dirname}/fixtures/sample-event.json`, 'utf8')) as {
      event_id: string;
    };
    const { status, body } = await send('', sample);
    expect({ status, body }).toEqual({ status: 202, body: { accepted: 1, duplicates: 0, rejected: [] } });
    await eventually(() => expect(house.logged.find(sample.event_id)).toBeDefined());
    expect(house.logged.find(sample.event_id)).toMatchObject({
      tenantId: tenant.tenantId,
      appId: tenant.appId,
      source: 'sdk',
      timestamp: '2025-11-26T10:30:00.000Z',
      properties: { amount: '150.50', currency: 'BRL', to_account: '****1234', transfer_type: 'pix' },
      context: { ip: '127.0.0.1', url: 'https://app.moneyflow.com/transfer' },
      device: { browser: 'Chrome', os: 'Windows', kind: 'desktop', bot: false },
    });
  });

  it('judges each event for itself', async () => {
    const [good, other] = [aPageView(), aPageView()];
    const bad = aPageView({ event_type: 'page_vew' });
    const { status, body } = await send('/batch', { events: [good, bad, 7, other] });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      accepted: 2,
      duplicates: 0,
      rejected: [
        { index: 1, event_id: bad.event_id, code: 'unknown_event_type' },
        { index: 2, code: expect.any(String) },
      ],
    });
    await eventually(() => expect(house.logged.find(other.event_id)).toBeDefined());
    await eventually(() =>
      expect(house.logged.allRejected()).toContainEqual(
        expect.objectContaining({
          tenantId: tenant.tenantId,
          eventId: bad.event_id,
          eventType: 'page_vew',
          code: 'unknown_event_type',
          stage: 'collector',
          source: 'sdk',
          appId: tenant.appId,
        }),
      ),
    );
    expect(house.logged.find(bad.event_id)).toBeUndefined();
  });
});
