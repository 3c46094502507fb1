import { newId, TenantId } from '@libs/kernel';
import { AlertRule } from '../../domain/alert-rule';
import { Incident } from '../alerts/incident';
import { IncidentStore } from '../alerts/incident.store';
import { RawEventView } from '../raw/event.reader';
import { ComposeBodies } from './compose-bodies';
import { ComposeEvents } from './compose-events';
import { NamedEventReader } from './named-event.reader';

const tenantId = newId<TenantId>();
const at = new Date('2026-11-22T12:00:00Z');

const incident: Incident = {
  tenantId,
  id: newId(),
  alertId: newId(),
  alertRevision: 1,
  rule: {
    name: 'Pagamentos',
    appId: newId(),
    metric: 'events',
    condition: { kind: 'threshold', windowMinutes: 60, above: 10 },
    notify: true,
    enabled: true,
  } as AlertRule,
  windowFrom: new Date('2026-11-22T11:00:00Z'),
  windowTo: at,
  direction: 'above',
  value: 12,
  expected: 10,
  score: null,
  firedAt: at,
  timeZone: 'America/Sao_Paulo',
};

class KnownIncidents extends IncidentStore {
  readonly known = new Map<string, Incident>();

  find = (tenant: TenantId, id: string): Promise<Incident | undefined> =>
    Promise.resolve(tenant === tenantId ? this.known.get(id) : undefined);
  open = (): Promise<never> => Promise.reject(new Error('only read'));
  resolve = (): Promise<never> => Promise.reject(new Error('only read'));
  list = (): Promise<never> => Promise.reject(new Error('only read'));
}

class KnownEvents extends NamedEventReader {
  events: Partial<RawEventView>[] = [];

  read = (): Promise<RawEventView[]> => Promise.resolve(this.events as RawEventView[]);
}

const incidents = new KnownIncidents();
const events = new KnownEvents();
const bodies = new ComposeBodies(new ComposeEvents(events), incidents);

const of = (type: string, subject: unknown) =>
  bodies.of({ tenantId, id: newId(), webhookId: newId(), type, subject, createdAt: at });

describe('what a webhook is told', () => {
  it('is of an alert that fired the same, whatever became of it since', async () => {
    incidents.known.set(incident.id, incident);
    const fired = await of('alert.fired', { incidentId: incident.id });
    expect(fired).toMatchObject({
      incidentId: incident.id,
      alertName: 'Pagamentos',
      value: 12,
      expected: 10,
    });
    incidents.known.set(incident.id, { ...incident, resolved: { at, why: 'calm', value: 3 } });
    expect(await of('alert.fired', { incidentId: incident.id })).toEqual(fired);
    expect(await of('alert.resolved', { incidentId: incident.id })).toMatchObject({
      incidentId: incident.id,
      resolution: 'calm',
      resolvedValue: 3,
    });
  });

  it('is nothing where what it was about is gone', async () => {
    expect(await of('alert.fired', { incidentId: newId() })).toBeUndefined();
    expect(await of('events.received', { appId: newId(), keys: [] })).toBeUndefined();
  });

  it('has of an event its ids, and neither the sender’s address nor the user agent', async () => {
    const event = {
      eventId: newId(),
      userId: 'quem',
      deviceId: 'd',
      sessionId: 's',
      visitor: '255',
      metadata: { plan: 'pro' },
      context: { ip: '203.0.113.7' },
      userAgent: { browser: 'Chrome' },
    };
    events.events = [event];
    const told = (await of('events.received', {
      appId: 'app',
      keys: [[event.eventId, at.toISOString()]],
    })) as {
      appId: string;
      events: object[];
    };
    expect(told).toMatchObject({
      appId: 'app',
      events: [{ userId: 'quem', visitor: '00000000000ff', metadata: { plan: 'pro' } }],
    });
    expect(JSON.stringify(told)).not.toMatch(/203\.0\.113|Chrome/);
  });

  it('is an error where nobody knows what it is about: it is tried again, once somebody does', async () => {
    await expect(of('alert.muted', {})).rejects.toThrow('alert.muted');
  });
});
