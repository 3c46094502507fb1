import { newId, Subscription, TenantId } from '@libs/kernel';
import { eventParcels, MOST_EVENTS, MOST_WEIGHT, NewEvent } from './event-parcels';

const [tenantId, other] = [newId<TenantId>(), newId<TenantId>()];
const everything: Subscription = { webhookId: 'all', events: ['event.*'] };

function events(count: number, changes: Partial<NewEvent> = {}): NewEvent[] {
  return Array.from({ length: count }, () => ({
    tenantId,
    appId: 'app',
    eventType: 'page_view',
    eventId: newId(),
    timestamp: '2026-11-22T12:00:00.000Z',
    ...changes,
  }));
}

const of = (listeners: readonly Subscription[]) => (tenant: TenantId) =>
  tenant === tenantId ? listeners : [];
const light = () => 100;

describe('what webhooks are told of new events', () => {
  it('is nothing, and weighs nothing, where nobody listens', () => {
    const weigh = jest.fn(light);
    expect(eventParcels(events(10, { tenantId: other }), of([everything]), weigh)).toEqual([]);
    expect(
      eventParcels(events(10), of([{ ...everything, events: ['alert.fired', 'event.click'] }]), weigh),
    ).toEqual([]);
    expect(weigh).not.toHaveBeenCalled();
  });

  it('goes in parcels of a hundred, every event once and in order', () => {
    const many = events(MOST_EVENTS * 2 + 1);
    const parcels = eventParcels(many, of([everything]), light);
    expect(parcels.map(({ keys }) => keys.length)).toEqual([MOST_EVENTS, MOST_EVENTS, 1]);
    expect(parcels.flatMap(({ keys }) => keys)).toEqual(
      many.map(({ eventId, timestamp }) => [eventId, timestamp]),
    );
  });

  it('keeps a parcel small where events are large; one that is too large goes alone', () => {
    const sizes = [MOST_WEIGHT / 2, MOST_WEIGHT / 2, 1, MOST_WEIGHT * 3, 1, 1];
    const many = events(sizes.length);
    const parcels = eventParcels(many, of([everything]), (event) => sizes[many.indexOf(event)] ?? 0);
    expect(parcels.map(({ keys }) => keys.length)).toEqual([2, 1, 1, 2]);
  });

  it('has one application’s events only, of those that the webhook wants', () => {
    const [first, second] = [events(2, { appId: 'one' }), events(3, { appId: 'two' })];
    const clicks = events(1, { appId: 'two', eventType: 'click' });
    const listeners: Subscription[] = [
      everything,
      { webhookId: 'of one', appId: 'one', events: ['event.*'] },
      { webhookId: 'clicks', events: ['event.click'] },
    ];
    const parcels = eventParcels([...first, ...second, ...clicks], of(listeners), light);
    expect(parcels.map(({ webhookId, appId, keys }) => [webhookId, appId, keys.length])).toEqual([
      ['all', 'one', 2],
      ['of one', 'one', 2],
      ['all', 'two', 4],
      ['clicks', 'two', 1],
    ]);
  });

  it('never mixes tenants', () => {
    const mixed = [...events(1), ...events(1, { tenantId: other }), ...events(1)];
    const parcels = eventParcels(mixed, () => [everything], light);
    expect(parcels.map((parcel) => [parcel.tenantId, parcel.keys.length])).toEqual([
      [tenantId, 2],
      [other, 1],
    ]);
  });
});
