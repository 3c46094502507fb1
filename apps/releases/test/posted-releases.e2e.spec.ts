import { eventually } from '@libs/testing';
import { ReleasesHouse, aCaller } from './releases.house';

interface Shown {
  id: string;
  status: string;
  amount: string;
  occurredAt: string;
  code: string;
}

const SALE = { description: 'Venda no balcão', amount: '150.00' };

describe('posted releases over HTTP', () => {
  let house: ReleasesHouse;

  beforeAll(async () => {
    house = await ReleasesHouse.open();
    await house.hireWorker();
    await house.hireWorker();
  });
  afterAll(() => house?.close());

  const post = (caller = aCaller(), body: unknown = SALE) => house.call<Shown>(caller, '', { body });

  it('posts what was accepted, with its day and its author', async () => {
    const caller = aCaller();
    const { body } = await post(caller, {
      ...SALE,
      occurredAt: '2026-11-22T02:59:59.999Z',
      metadata: { a: 1 },
    });
    await eventually(async () => {
      const shown = (await house.call<Shown>(caller, `/${body.id}`)).body;
      expect(shown).toMatchObject({
        status: 'posted',
        amount: '150.00',
        businessDate: '2026-11-21',
        userId: caller.userId,
        metadata: { a: 1 },
      });
    });
    expect((await house.call(aCaller(), `/${body.id}`)).status).toBe(404);
  });

  it('publishes one fact for each release', async () => {
    const caller = aCaller();
    const releases = Array.from({ length: 250 }, (_, i) => ({ ...SALE, amount: `${i + 1}.00` }));
    await house.call(caller, '/batch', { body: { releases } });
    await eventually(async () => {
      const { rows } = await house.admin.query(
        `select coalesce(sum(message_count), 0)::int as sent from releases.outbox
         where tenant_id = $1 and sent_at is not null`,
        [caller.tenantId],
      );
      expect(rows).toEqual([{ sent: 250 }]);
    });
  });

  it('lists newest first, by pages that stay where they are while releases are added', async () => {
    const caller = aCaller();
    const at = (minute: number) => `2026-11-20T12:${String(minute).padStart(2, '0')}:00.000Z`;
    const add = async (minutes: number[]) => {
      const releases = minutes.map((minute) => ({ ...SALE, occurredAt: at(minute) }));
      await house.call(caller, '/batch', { body: { releases } });
    };
    const page = async (query: string) =>
      (await house.call<{ items: Shown[]; nextCursor: string | null }>(caller, query)).body;
    await add([0, 1, 2, 3, 4, 4, 4, 5]);
    await eventually(async () => expect((await page('?limit=200')).items).toHaveLength(8));
    const first = await page('?limit=3');
    await add([10, 11, 12]);
    await eventually(async () => expect((await page('?limit=200')).items).toHaveLength(11));
    const seen = first.items;
    for (let cursor = first.nextCursor; cursor;) {
      const next = await page(`?limit=3&cursor=${cursor}`);
      seen.push(...next.items);
      cursor = next.nextCursor;
    }
    expect(seen.map((item) => item.occurredAt)).toEqual([5, 4, 4, 4, 3, 2, 1, 0].map(at));
    expect(new Set(seen.map((item) => item.id)).size).toBe(8);
  });

  it.each(['?limit=201', '?limit=0', '?cursor=abc', '?from=yesterday', '?kind=gift', '?unknown=1'])(
    'answers 400 to %s',
    async (query) => expect((await house.call(aCaller(), query)).status).toBe(400),
  );

  it('filters by kind, text, days and instants', async () => {
    const caller = aCaller();
    const releases = [
      { description: 'Café 100%', amount: '1.00', occurredAt: '2026-11-20T02:59:59.999Z' },
      { description: 'Pão', amount: '2.00', occurredAt: '2026-11-20T03:00:00.000Z' },
      { description: 'Tarifa', amount: '-3.00', occurredAt: '2026-11-21T02:59:59.999Z' },
      { description: 'Pão', amount: '-4.00', occurredAt: '2026-11-21T03:00:00.000Z' },
    ];
    await house.call(caller, '/batch', { body: { releases } });
    const amounts = async (query: string) => {
      const { body } = await house.call<{ items: Shown[] }>(caller, query);
      return body.items.map((item) => item.amount);
    };
    await eventually(async () => expect(await amounts('')).toHaveLength(4));
    expect(await amounts('?kind=credit')).toEqual(['2.00', '1.00']);
    expect(await amounts('?kind=debit')).toEqual(['-4.00', '-3.00']);
    expect(await amounts('?q=p%C3%A3o')).toEqual(['-4.00', '2.00']);
    expect(await amounts('?q=100%25')).toEqual(['1.00']);
    expect(await amounts('?q=%25')).toEqual(['1.00']);
    expect(await amounts('?from=2026-11-20&to=2026-11-20')).toEqual(['-3.00', '2.00']);
    expect(await amounts('?from=2026-11-21T02:59:59.999Z')).toEqual(['-4.00', '-3.00']);
    expect(await amounts('?to=2026-11-20T00:00:00-03:00')).toEqual(['2.00', '1.00']);
    const backwards = await house.call<Shown>(caller, '?from=2026-11-21&to=2026-11-20');
    expect([backwards.status, backwards.body.code]).toEqual([422, 'invalid_range']);
  });
});
