import { readDto } from '@libs/http';
import { InvalidPeriod } from '../../domain/period.errors';
import { PeriodQuery, periodOf } from './period.query';

const NOW = new Date('2026-11-22T16:00:00Z');
const ZONE = 'America/Sao_Paulo';
const read = (query: Record<string, unknown>) => periodOf(readDto(PeriodQuery, query), ZONE, NOW);
const ends = (query: Record<string, unknown>): string[] => {
  const { from, to } = read(query);
  return [from.toISOString(), to.toISOString()];
};

describe('the question of a report', () => {
  it('is about the last 30 days in the zone of the tenant unless it says otherwise', () => {
    expect(ends({})).toEqual(['2026-10-24T03:00:00.000Z', '2026-11-22T16:15:00.000Z']);
    expect(ends({ timeZone: 'UTC' })[0]).toBe('2026-10-24T00:00:00.000Z');
  });

  it('includes a last day and excludes a last instant', () => {
    expect(ends({ startDate: '2026-11-01', endDate: '2026-11-02' })[1]).toBe('2026-11-03T03:00:00.000Z');
    expect(ends({ startDate: '2026-11-01T00:00:00Z', endDate: '2026-11-02T00:00:00-03:00' })).toEqual([
      '2026-11-01T00:00:00.000Z',
      '2026-11-02T03:00:00.000Z',
    ]);
  });

  it('fills in the end that is missing', () => {
    expect(ends({ startDate: '2026-11-20' })[1]).toBe('2026-11-23T03:00:00.000Z');
    expect(ends({ endDate: '2026-11-20' })[0]).toBe('2026-10-22T03:00:00.000Z');
    expect(ends({ startDate: '2026-11-20T00:00:00Z' })[1]).toBe('2026-11-22T16:15:00.000Z');
  });

  it('reads a + that was not escaped', () => {
    expect(ends({ startDate: '2026-11-20T00:00:00 03:00' })[0]).toBe('2026-11-19T21:00:00.000Z');
  });

  it('refuses a day beside an instant', () => {
    expect(() => read({ startDate: '2026-11-01', endDate: '2026-11-02T00:00:00Z' })).toThrow(InvalidPeriod);
  });

  it.each([
    [{ appId: 'x' }, 'malformed_app_id'],
    [{ startDate: '2026-02-30' }, 'malformed_start_date'],
    [{ endDate: ['2026-02-01', '2026-02-02'] }, 'malformed_end_date'],
    [{ timeZone: '+03:00' }, 'unknown_time_zone'],
    [{ timeZone: "UTC'; drop table events --" }, 'unknown_time_zone'],
    [{ tenantId: 'x' }, 'unknown_property'],
  ])('refuses %j as %s', (query, code) => {
    expect(() => read(query)).toThrow(expect.objectContaining({ code }) as Error);
  });
});
