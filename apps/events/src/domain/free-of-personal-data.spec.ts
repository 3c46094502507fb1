import { freeOfPersonalData } from './free-of-personal-data';
import { ToldEvent } from './tracked-event';

const told: ToldEvent = {
  eventId: '52998224725',
  eventType: 'page_view',
  timestamp: '2025-11-26T10:30:00.000Z',
  source: 'sdk',
  userId: 'joao@exemplo.com',
  context: { url: 'https://x.com/?email=joao@exemplo.com', ip: '192.168.1.1' },
  properties: { note: 'joao@exemplo.com' },
};

it('an event loses its personal data and keeps its ids', () => {
  const before = structuredClone(told);
  expect(freeOfPersonalData(told)).toEqual({
    ...told,
    context: { url: 'https://x.com/?email=j***@exemplo.com', ip: '192.168.1.1' },
    properties: { note: 'j***@exemplo.com' },
  });
  expect(told).toEqual(before);
});

it('an event frozen to the bottom can be masked', () => {
  const context = Object.freeze({ url: '/?email=joao@exemplo.com' });
  const properties = Object.freeze({ list: Object.freeze(['joao@exemplo.com']) }) as unknown as Record<
    string,
    unknown
  >;
  const event = Object.freeze({
    eventId: 'x',
    eventType: 'click',
    timestamp: 't',
    source: 'sdk' as const,
    context,
    properties,
  });
  expect(JSON.stringify(freeOfPersonalData(event))).not.toContain('joao');
});
