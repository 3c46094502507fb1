import { randomUUID } from 'node:crypto';
import { eventually, expectCall } from '@libs/testing';
import { AllInOne } from './all-in-one';
import { EventCompany } from './tracking/event-company';

const ALERTS = '/api/v1/analytics/alerts';
const PATIENTLY = { within: 45_000, every: 200 };

interface Notification {
  type: string;
  title: string;
  message: string;
  priority: string;
  userId: string | null;
  eventId: string | null;
  incidentId: string | null;
}

/** From events to an alert that fires, to a notification of everybody, and to its end. */
describe('npm start, from events to an alert', () => {
  let house: AllInOne;
  let company: EventCompany;

  beforeAll(async () => {
    house = await AllInOne.prepare({ MONEYFLOW_DEMO: 'false' });
    await house.start();
    company = await EventCompany.found(house.entrances);
  }, 90_000);
  afterAll(() => house?.remove(), 60_000);

  const ask = <T>(path: string, method: string, body?: object) =>
    expectCall<T>(house.entrances.events, path, [200, 201, 204], { token: company.token, method, body });
  const notifications = async () =>
    (await ask<{ items: Notification[] }>('/api/v1/notifications?type=alert', 'GET')).items;

  it('tells everybody of the company, in Portuguese, that it fired, and that it is over', async () => {
    const events = Array.from({ length: 12 }, () => ({
      event_id: randomUUID(),
      event_type: 'click',
      timestamp: new Date(Date.now() - 45 * 60_000).toISOString(),
      user: { user_id: 'alguem', device_id: randomUUID() },
      session: { session_id: randomUUID(), seq: 1 },
      context: { url: 'https://loja.example/oferta' },
      properties: {},
      version: '1.0.0',
    }));
    const headers = { 'x-api-key': company.key };
    await expectCall(house.entrances.events, '/api/v1/events/batch', [202], { headers, body: { events } });
    await eventually(async () => {
      const summary = await ask<{ totals: { events: number } }>(
        '/api/v1/analytics/events/summary?eventType=click',
        'GET',
      );
      expect(summary.totals.events).toBe(12);
    }, PATIENTLY);
    const condition = { kind: 'threshold', windowMinutes: 120, above: 10 };
    const alert = await ask<{ id: string }>(ALERTS, 'POST', {
      name: 'Cliques demais',
      eventType: 'click',
      metric: 'events',
      condition,
    });
    const [fired] = await eventually(async () => {
      const told = await notifications();
      expect(told).toHaveLength(1);
      return told;
    }, PATIENTLY);
    expect(fired).toMatchObject({
      type: 'alert',
      title: 'Alerta: Cliques demais',
      message: expect.stringMatching(/, foram 12 eventos de “click”, acima do limite de 10\.$/),
      priority: 'high',
      userId: null,
      eventId: null,
    });
    const { items } = await ask<{ items: { id: string }[] }>(`${ALERTS}/${alert.id}/incidents`, 'GET');
    expect(items.map(({ id }) => id)).toEqual([fired?.incidentId]);

    await ask(`${ALERTS}/${alert.id}`, 'DELETE');
    await eventually(async () => {
      const [over] = await notifications();
      expect(over).toMatchObject({
        title: 'Alerta encerrado: Cliques demais',
        message: 'O alerta foi excluído.',
        incidentId: fired?.incidentId,
      });
    }, PATIENTLY);
    await eventually(async () => {
      const audit = await ask<{ items: { action: string }[] }>('/api/v1/tenants/me/audit?limit=50', 'GET');
      const actions = audit.items.map(({ action }) => action);
      expect(actions).toEqual(expect.arrayContaining(['analytics.alert_created', 'analytics.alert_deleted']));
    }, PATIENTLY);
  }, 150_000);
});
