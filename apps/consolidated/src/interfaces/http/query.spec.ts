import fc from 'fast-check';
import { BusinessDate, InvalidRequest } from '@libs/kernel';
import { readDay, readInstant, readReleaseId, refuseUnknown } from './query';

const failure = (work: () => unknown): InvalidRequest => {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidRequest) return error;
  }
  throw new Error('it was not refused');
};

describe('a day in a query', () => {
  it('is what the calendar has, as the kernel reads it too', () => {
    const parts = fc.tuple(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
    );
    const pad = (value: number, width: number) => String(value).padStart(width, '0');
    const kernelTakes = (text: string): boolean => {
      try {
        return BusinessDate.parse(text).toString() === text;
      } catch {
        return false;
      }
    };
    const weTake = (text: string): boolean => {
      try {
        return readDay({ date: text }, 'date') === text;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(parts, ([year, month, day]) => {
        const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
        expect(weTake(text)).toBe(kernelTakes(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '0000-01-01',
    '2023-02-29',
    '1900-02-29',
    '2026-3-10',
    '20260310',
    '',
    ' 2026-03-10',
    '2026-03-10\n',
    'today',
  ])('is not %j', (text) => {
    const refusal = failure(() => readDay({ date: text }, 'date'));
    expect(refusal.errors).toMatchObject([{ path: 'date', code: 'malformed_date' }]);
    expect(refusal.kind).toBe('malformed');
  });

  it('may be left out, but not be given twice', () => {
    expect(readDay({}, 'date')).toBeUndefined();
    failure(() => readDay({ date: ['2026-03-10', '2026-03-10'] }, 'date'));
  });
});

describe('an instant in a query', () => {
  it.each([
    ['2026-03-10T00:00:00-03:00', '2026-03-10T03:00:00.000Z'],
    ['2026-03-10T00:00:00 03:00', '2026-03-09T21:00:00.000Z'],
    ['2026-03-10t00:00:00z', '2026-03-10T00:00:00.000Z'],
    ['2026-03-10T00:00:00.123456789Z', '2026-03-10T00:00:00.123Z'],
  ])('%s is %s', (text, instant) => {
    expect(readInstant({ at: text }, 'at')?.toISOString()).toBe(instant);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-03-10T24:00:00Z',
    '2026-03-10T23:59:60Z',
    '2026-03-10T00:00:00',
    '9999-12-31T23:59:59-14:00',
    '1',
  ])('is not %s', (text) => {
    expect(failure(() => readInstant({ at: text }, 'at')).code).toBe('malformed_instant');
  });
});

it('takes a release id in its one spelling', () => {
  const id = '019a2b3c-4d5e-8f60-9a1b-2c3d4e5f6071';
  expect(readReleaseId({ after: id }, 'after')).toBe(id);
  expect(failure(() => readReleaseId({ after: id.toUpperCase() }, 'after')).code).toBe('malformed_id');
});

it('refuses a parameter that the route does not know', () => {
  expect(failure(() => refuseUnknown({ date: '2026-03-10', tenant: 'x' }, ['date'])).errors).toMatchObject([
    { path: 'tenant', code: 'unknown_property' },
  ]);
});
