import { aRejection } from '../../test/rejection.builder';
import { eventAgain } from './event-again';

const receivedAt = '2026-11-22T12:34:56.789Z';
const again = (event: unknown, source: 'sdk' | 'track' = 'track') =>
  eventAgain(
    aRejection({
      rejectionId: '019a2b3c-4d5e-7f60-9a1b-2c3d4e5f6071',
      receivedAt,
      source,
      event: JSON.stringify(event),
    }),
  );

describe('eventAgain', () => {
  it('gives the short form the id and the time that it lacks, the same each time', () => {
    expect(again({ eventType: 'x' })).toEqual({
      eventType: 'x',
      eventId: '019a2b3c-4d5e-7f60-9a1b-2c3d4e5f6071',
      timestamp: receivedAt,
    });
  });

  it('gives an id of the client’s the time that the collector would have given it', () => {
    const eventId = '550E8400-e29b-41d4-a716-446655440000';
    expect(again({ eventId })).toEqual({ eventId, timestamp: '2026-11-22T00:00:00.000Z' });
  });

  it('leaves everything else as it was', () => {
    const event = { eventId: 7, timestamp: 'x', a: [1] };
    expect(again(event)).toEqual(event);
    expect(again({ a: 1 }, 'sdk')).toEqual({ a: 1 });
    expect(again([1])).toEqual([1]);
    expect(again(null)).toBeNull();
  });
});
