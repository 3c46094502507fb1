import { newId, UserId } from '@libs/kernel';
import { call } from '@libs/testing';
import { EventsHouse, TestTenant } from './events.house';
import { aPageView } from './sdk-event.builder';

let house: EventsHouse;
let tenant: TestTenant;

beforeAll(async () => {
  house = await EventsHouse.open({
    environment: {
      RATE_LIMIT_GENERAL_PER_MIN: '20',
      RATE_LIMIT_EVENTS_PER_MIN: '10',
      RATE_LIMIT_KEY_PER_MIN: '15',
      TRUST_PROXY: '1',
    },
  });
  tenant = await house.tenant();
});
afterAll(() => house.close());

let lastAddress = 0;
const anAddress = () => ({ 'x-forwarded-for': `203.0.113.${++lastAddress}` });
const send = (query: string, headers: Record<string, string>) =>
  call<{ code?: string }>(house.url, `/api/v1/events${query}`, { body: aPageView(), headers });
/** How many of 40 at once are taken; the rest is 429 with all its headers. */
async function taken(query: string, headers: () => Record<string, string>): Promise<number> {
  const answers = await Promise.all(Array.from({ length: 40 }, () => send(query, headers())));
  for (const { status, body, headers: answered } of answers.filter((each) => each.status !== 202)) {
    expect([status, body.code, answered.get('ratelimit-remaining')]).toEqual([429, 'rate_limited', '0']);
    expect(Number(answered.get('retry-after'))).toBeGreaterThan(0);
  }
  return answers.filter(({ status }) => status === 202).length;
}

describe('requests with events', () => {
  it('are counted by person, wherever from', async () => {
    const token = house.token(tenant, 'events:write', newId<UserId>());
    expect(await taken('', () => ({ ...anAddress(), authorization: `Bearer ${token}` }))).toBe(10);
    const another = { ...anAddress(), authorization: `Bearer ${house.token(tenant)}` };
    const answer = await send('', another);
    expect(answer.status).toBe(202);
    expect([answer.headers.get('ratelimit-limit'), answer.headers.get('ratelimit-remaining')]).toEqual([
      '10',
      '9',
    ]);
  });

  it('are counted by address where a write key is in the URL: everybody has that key', async () => {
    const key = await house.key(tenant);
    const [one, other] = [anAddress(), anAddress()];
    expect(await taken(`?key=${key}`, () => one)).toBe(10);
    expect(await taken(`?key=${key}`, () => other)).toBe(10);
    // another key does not open the address again
    expect((await send(`?key=${await house.key(tenant)}`, one)).status).toBe(429);
  });

  it('are counted by key where it is in a header, by its plan where that is stricter', async () => {
    const [plain, strict, greedy] = [
      await house.key(tenant),
      await house.key(tenant, { requestsPerMinute: 4 }),
      await house.key(tenant, { requestsPerMinute: 6_000 }),
    ];
    expect(await taken('', () => ({ ...anAddress(), 'x-api-key': plain }))).toBe(15);
    expect(await taken('', () => ({ ...anAddress(), 'x-api-key': strict }))).toBe(4);
    expect(await taken('', () => ({ ...anAddress(), 'x-api-key': greedy }))).toBe(15);
  });

  it('are counted by a plan of the write key, too, where it has one', async () => {
    const key = await house.key(tenant, { requestsPerMinute: 12 });
    expect(await taken(`?key=${key}`, anAddress)).toBe(12);
  });

  it('leave the visitors of a page theirs, though somebody sends its key in a header as often as it may', async () => {
    const key = await house.key(tenant, { requestsPerMinute: 7 });
    const somebody = anAddress();
    expect(await taken('', () => ({ ...somebody, authorization: `Bearer ${key}` }))).toBe(7);
    expect((await send('', { ...anAddress(), 'x-api-key': key })).status).toBe(429);
    expect(await taken(`?key=${key}`, anAddress)).toBe(7);
  });

  it('count on the general limit of an address only where nobody known sent them', async () => {
    const key = await house.key(tenant);
    const address = anAddress();
    const attempts = await Promise.all(Array.from({ length: 30 }, () => send('?key=mf_live_guess', address)));
    expect(attempts.filter(({ status }) => status === 401)).toHaveLength(20);
    expect(attempts.filter(({ status }) => status === 429)).toHaveLength(10);
    expect((await send('', { ...address, 'x-api-key': key })).status).toBe(202);
    expect((await call(house.url, '/api/v1/events/nothing', { headers: address })).status).toBe(429);
  });
});
