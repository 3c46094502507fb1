import { Outbox, TenantId, TenantTransaction } from '@libs/kernel';
import { FixedClock } from '@libs/testing';
import { Period } from '../../domain/period';
import { TooManyExports } from '../../domain/raw-report.errors';
import { aTenant } from '../../../test/tracked-event.builder';
import { EventReader, RawEventView } from './event.reader';
import { ExportEvents } from './export-events';

/** So many events of one type, of which only so many have room in a piece. */
class FakeReader extends EventReader {
  readonly asked: number[] = [];
  private given = 0;

  constructor(
    private readonly events: number,
    private readonly room: number,
  ) {
    super();
  }

  async typeAfter(): Promise<string | undefined> {
    return undefined;
  }

  async page(...[, , , , most]: Parameters<EventReader['page']>): Promise<RawEventView[]> {
    this.asked.push(most.events);
    const some = Math.min(most.events, this.room, this.events - this.given);
    this.given += some;
    return Array.from({ length: some }, () => ({}) as RawEventView);
  }
}

function anExport(reader: EventReader = new FakeReader(1, 1), clock = new FixedClock(new Date())) {
  const transaction = { runFor: (_: unknown, work: () => Promise<unknown>) => work() } as TenantTransaction;
  const outbox = { add: () => Promise.resolve() } as unknown as Outbox;
  const exports = new ExportEvents(transaction, reader, outbox, clock);
  const period = Period.last(30, clock.now(), 'UTC');
  return (tenantId: TenantId) =>
    exports.execute(
      { tenantId, appId: 'app', period, tenantZone: 'UTC' },
      { eventType: 'click', format: 'csv', identities: false, by: { id: 'x', kind: 'person' } },
    );
}

async function lengthsOf(pieces: AsyncIterable<unknown[]>): Promise<number[]> {
  const lengths: number[] = [];
  for await (const piece of pieces) lengths.push(piece.length);
  return lengths;
}

describe('an export', () => {
  it('reads more at once while events are small, and each of them once', async () => {
    const reader = new FakeReader(5_000, 10_000);
    const { pieces } = await anExport(reader)(aTenant());
    expect(await lengthsOf(pieces)).toEqual([64, 128, 256, 512, 1_000, 1_000, 1_000, 1_000, 40]);
  });

  it('reads few at once where few have room in a piece', async () => {
    const reader = new FakeReader(100, 9);
    const { pieces } = await anExport(reader)(aTenant());
    const lengths = await lengthsOf(pieces);
    expect(lengths.reduce((sum, length) => sum + length)).toBe(100);
    expect(Math.max(...reader.asked)).toBe(64);
  });
});

describe('a place to export', () => {
  const clock = new FixedClock(new Date());
  const begin = anExport(undefined, clock);

  it('is kept by who reads on, and given to another once its reader stands still', async () => {
    const tenantId = aTenant();
    const [still, reading] = [await begin(tenantId), await begin(tenantId)];
    await expect(begin(tenantId)).rejects.toThrow(TooManyExports);
    clock.advance({ minutes: 1 });
    await lengthsOf(reading.pieces);
    clock.advance({ minutes: 1 });
    const third = await begin(tenantId);
    expect([still, reading, third].map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
    await expect(begin(tenantId)).rejects.toThrow(TooManyExports);
    // what lost its place gives nobody else's back
    still.end();
    await expect(begin(tenantId)).rejects.toThrow(TooManyExports);
    for (const { end } of [reading, third]) end();
  });

  it('is taken from none but who stands still, whosever all of them are', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => begin(aTenant())));
    await expect(begin(aTenant())).rejects.toThrow(TooManyExports);
    clock.advance({ minutes: 2 });
    const next = await begin(aTenant());
    expect(all.filter(({ signal }) => signal.aborted)).toHaveLength(1);
    for (const { end } of [...all, next]) end();
  });
});
