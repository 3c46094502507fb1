import fc from 'fast-check';
import { rejectedEventsV1Example } from '@libs/contracts';
import { newId } from '@libs/kernel';
import { Received } from '@libs/messaging';
import { MalformedRejections } from '../../domain/rejection.errors';
import { readRejections } from './read-rejections';

const tenantId = newId();
const message = (payload: unknown, of: string = tenantId) =>
  ({ envelope: { tenantId: of, payload } }) as unknown as Received<never>;

describe('readRejections', () => {
  it('reads what the contract shows', () => {
    const [example] = rejectedEventsV1Example.rejections;
    expect(readRejections(message(rejectedEventsV1Example))).toEqual([{ ...example, tenantId }]);
  });

  it('cuts what no column holds, and leaves out an id that is none', () => {
    const [example] = rejectedEventsV1Example.rejections;
    const long = {
      ...example,
      message: 'x'.repeat(5_000),
      userId: 'u'.repeat(300),
      eventId: 'x',
      sentAt: 'x',
    };
    const [read] = readRejections(message({ rejections: [long] }));
    expect(read).toMatchObject({ message: 'x'.repeat(1_000), userId: 'u'.repeat(256) });
    expect([read?.eventId, read?.sentAt]).toEqual([undefined, undefined]);
  });

  it('refuses anything else as what it is', () => {
    const [example] = rejectedEventsV1Example.rejections;
    const keys = ['rejectionId', 'appId', 'receivedAt', 'event', 'code', 'stage', 'source'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...keys),
        fc.oneof(fc.integer(), fc.constant(null), fc.object()),
        (key, value) => {
          const read = () => readRejections(message({ rejections: [{ ...example, [key]: value }] }));
          expect(read).toThrow(MalformedRejections);
        },
      ),
    );
    for (const payload of [{}, { rejections: 7 }, { rejections: [null] }])
      expect(() => readRejections(message(payload))).toThrow(MalformedRejections);
    expect(() => readRejections(message(rejectedEventsV1Example, 'x'))).toThrow(MalformedRejections);
  });
});
