import { ReleasesHouse, aCaller } from './releases.house';

const SALE = { description: 'Venda no balcão', amount: '150.00' };

describe('with the queue away', () => {
  let house: ReleasesHouse;

  beforeAll(async () => {
    house = await ReleasesHouse.open();
    await house.aws.stop();
  });
  afterAll(() => house?.close());

  it.each([
    ['', SALE],
    ['/batch', { releases: [SALE, SALE] }],
  ])('POST %s answers 503 and when to come back, never 202', async (path, body) => {
    const answer = await house.call<{ code: string }>(aCaller(), path, { body });
    expect([answer.status, answer.body.code]).toEqual([503, 'queue_unavailable']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('a keyed retry is not taken for a repetition: nothing was answered yet', async () => {
    const [caller, headers] = [aCaller(), { 'idempotency-key': 'k' }];
    await house.call(caller, '', { body: SALE, headers });
    const retry = await house.call<{ code: string }>(caller, '', { body: SALE, headers });
    expect(retry.body.code).toBe('queue_unavailable');
  });

  it('reading goes on', async () => {
    expect((await house.call(aCaller(), '')).status).toBe(200);
  });
});
