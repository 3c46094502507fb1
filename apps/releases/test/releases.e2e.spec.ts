import { call } from '@libs/testing';
import { ReleasesHouse, aCaller } from './releases.house';

interface Shown {
  id: string;
  status: string;
  amount: string;
  description: string;
  occurredAt: string;
  businessDate: string;
  userId: string;
  code: string;
  metadata: unknown;
}
interface Batch {
  accepted: number;
  refused: number;
  items: { index: number; id?: string; status: string; code?: string }[];
  code: string;
  errors: { path: string; code: string }[];
}

const SALE = { description: 'Venda no balcão', amount: '150.00' };

describe('releases over HTTP', () => {
  let house: ReleasesHouse;

  beforeAll(async () => {
    house = await ReleasesHouse.open();
  });
  afterAll(() => house?.close());

  const post = (caller = aCaller(), body: unknown = SALE, headers: Record<string, string> = {}) =>
    house.call<Shown>(caller, '', { body, headers });

  describe('accepting', () => {
    it('answers 202 with the release and where to find it', async () => {
      const caller = aCaller();
      const body = {
        description: '  Tarifa ',
        amount: '-12.34',
        occurredAt: '2026-11-22T09:00:00-03:00',
        metadata: { caixa: '2' },
      };
      const answer = await post(caller, body);
      expect(answer.status).toBe(202);
      expect(answer.body).toEqual({
        id: expect.any(String),
        status: 'queued',
        amount: '-12.34',
        description: 'Tarifa',
        occurredAt: '2026-11-22T12:00:00.000Z',
        userId: caller.userId,
        metadata: { caixa: '2' },
      });
      expect(answer.headers.get('location')).toBe(`/api/v1/releases/${answer.body.id}`);
    });

    it('knows the release as queued right after, and only for its own tenant', async () => {
      const caller = aCaller();
      const { body } = await post(caller);
      expect((await house.call(caller, `/${body.id}`)).body).toEqual({ id: body.id, status: 'queued' });
      expect((await house.call<Shown>(aCaller(), `/${body.id}`)).body.code).toBe('release_not_found');
    });

    it.each([
      [{ ...SALE, amount: 150 }, 422, 'amount_not_a_string'],
      [{ ...SALE, amount: '0.00' }, 422, 'zero_amount'],
      [{ ...SALE, amount: '1.5' }, 422, 'malformed_amount'],
      [{ ...SALE, amount: '10000000000000.01' }, 422, 'amount_out_of_range'],
      [{ ...SALE, amount: null }, 400, 'malformed_amount'],
      [{ amount: '1.00' }, 400, 'missing_property'],
      [{ ...SALE, description: ' ' }, 400, 'malformed_description'],
      [{ ...SALE, description: 7 }, 400, 'malformed_description'],
      [{ ...SALE, occurredAt: '2026-11-22' }, 400, 'malformed_instant'],
      [{ ...SALE, occurredAt: '1899-01-01T00:00:00Z' }, 422, 'occurred_at_out_of_range'],
      [{ ...SALE, occurredAt: '2999-01-01T00:00:00Z' }, 422, 'occurred_at_out_of_range'],
      [{ ...SALE, metadata: [] }, 400, 'malformed_metadata'],
      [{ ...SALE, metadata: { note: 'x'.repeat(4096) } }, 422, 'metadata_too_large'],
      [{ ...SALE, tenantId: 'another' }, 400, 'unknown_property'],
      [[], 400, 'malformed_release'],
    ])('answers %j with %i %s', async (body, status, code) => {
      const answer = await post(aCaller(), body);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
    });

    it('refuses who may only read, and who shows no token', async () => {
      expect((await post(aCaller('releases:read'))).status).toBe(403);
      expect((await call(house.url, '/api/v1/releases', { body: SALE })).status).toBe(401);
    });
  });

  describe('with an Idempotency-Key', () => {
    it('gives the same answer again, and says so', async () => {
      const [caller, key] = [aCaller(), { 'idempotency-key': 'venda-1' }];
      const first = await post(caller, SALE, key);
      const again = await post(caller, SALE, key);
      expect(again.body).toEqual(first.body);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
    });

    it('refuses another body', async () => {
      const [caller, key] = [aCaller(), { 'idempotency-key': 'venda-2' }];
      await post(caller, SALE, key);
      const other = await post(caller, { ...SALE, amount: '1.00' }, key);
      expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    });

    it('means another release for another tenant', async () => {
      const key = { 'idempotency-key': 'venda-3' };
      expect((await post(aCaller(), SALE, key)).body.id).not.toBe((await post(aCaller(), SALE, key)).body.id);
    });
  });

  describe('a batch', () => {
    const batch = (releases: unknown, caller = aCaller(), headers: Record<string, string> = {}) =>
      house.call<Batch>(caller, '/batch', { body: { releases }, headers });

    it('has an outcome for each item; a bad one does not sink the others', async () => {
      const { status, body } = await batch([
        SALE,
        { ...SALE, amount: '0.00' },
        { ...SALE, amount: 1 },
        'x',
        SALE,
      ]);
      expect(status).toBe(202);
      expect(body).toMatchObject({ accepted: 2, refused: 3 });
      expect(body.items.map(({ index, status, code }) => [index, status, code])).toEqual([
        [0, 'queued', undefined],
        [1, 'refused', 'zero_amount'],
        [2, 'refused', 'amount_not_a_string'],
        [3, 'refused', 'malformed_release'],
        [4, 'queued', undefined],
      ]);
    });

    it('is refused as a whole when every item is bad, naming each', async () => {
      const { status, body } = await batch([{ ...SALE, amount: '0.00' }, {}]);
      expect([status, body.code]).toEqual([422, 'nothing_accepted']);
      expect(body.errors.map(({ path }) => path)).toEqual(
        expect.arrayContaining(['releases.0.amount', 'releases.1.description']),
      );
    });

    it('carries 1 to 1,000 releases', async () => {
      const some = (count: number) => Array.from({ length: count }, () => SALE);
      expect((await batch(some(1000))).body.accepted).toBe(1000);
      expect((await batch(some(1001))).body.code).toBe('batch_size');
      expect((await batch([])).body.code).toBe('batch_size');
      expect((await batch('x')).body.code).toBe('malformed_releases');
    });

    it('derives an id an item from its key', async () => {
      const [caller, key] = [aCaller(), { 'idempotency-key': 'lote-1' }];
      const first = await batch([SALE, SALE], caller, key);
      expect(new Set(first.body.items.map(({ id }) => id)).size).toBe(2);
      expect((await batch([SALE, SALE], caller, key)).body).toEqual(first.body);
    });
  });
});
