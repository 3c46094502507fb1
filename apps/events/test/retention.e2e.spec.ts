import { call, eventually } from '@libs/testing';
import { CollectedResponse } from '../src/interfaces/http/collect.response';
import { RetentionResponse } from '../src/interfaces/http/retention.response';
import { EventsHouse, TestTenant } from './events.house';

let house: EventsHouse;
let [ours, theirs]: TestTenant[] = [];

beforeAll(async () => {
  house = await EventsHouse.open();
  [ours, theirs] = [await house.tenant(), await house.tenant()];
});
afterAll(() => house.close());

type Answer = RetentionResponse & { code?: string };
const PATH = '/api/v1/events/retention';
const bearer = (tenant = ours, scope = 'tenant:read tenant:write') => ({
  authorization: `Bearer ${house.token(tenant as TestTenant, scope)}`,
});
const read = (headers = bearer()) => call<Answer>(house.url, PATH, { headers });
const change = (body: object, headers = bearer()) =>
  call<Answer>(house.url, PATH, { method: 'PUT', body, headers });

async function oldestAdmitted(timestamp: string, tenant = ours): Promise<string | undefined> {
  const headers = { authorization: `Bearer ${house.token(tenant as TestTenant, 'events:write')}` };
  const body = { eventType: 'boleto_printed', timestamp };
  const answer = await call<CollectedResponse>(house.url, '/api/v1/events/track', { body, headers });
  expect(answer.status).toBe(202);
  return answer.body.rejected[0]?.code;
}

describe('GET and PUT /events/retention', () => {
  it('say and set how long the own events are kept, and nobody else’s', async () => {
    expect(await read()).toMatchObject({ status: 200, body: { months: 13, criticalMonths: 60 } });
    const changed = await change({ months: 2, criticalMonths: 24 });
    expect(changed).toMatchObject({ status: 200, body: { months: 2, criticalMonths: 24 } });
    expect((await read()).body).toEqual(changed.body);
    expect((await read(bearer(theirs))).body).toMatchObject({ months: 13, criticalMonths: 60 });
  });

  it('are followed by the collector within seconds', async () => {
    const old = new Date(Date.now() - 150 * 86_400_000).toISOString();
    await change({ months: 2, criticalMonths: 24 });
    await eventually(async () => expect(await oldestAdmitted(old)).toBe('too_old'));
    expect(await oldestAdmitted(old, theirs)).toBeUndefined();
    // for ever
    await change({ months: 60, criticalMonths: 60 });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await oldestAdmitted(old)).toBe('too_old');
  });

  it.each([
    [{ months: 0, criticalMonths: 60 }, 400],
    [{ months: 13, criticalMonths: 121 }, 400],
    [{ months: '13', criticalMonths: 60 }, 400],
    [{ months: 13 }, 400],
    [{ months: 13, criticalMonths: 60, tenantId: 'x' }, 400],
    [{ months: 60, criticalMonths: 13 }, 422],
  ])('refuse %j', async (body, status) => {
    expect((await change(body)).status).toBe(status);
  });

  it('say what a month is to whoever sends a text', async () => {
    const { body } = await change({ months: '13', criticalMonths: 60 });
    expect(body).toMatchObject({
      code: 'malformed_months',
      errors: [{ path: 'months', message: 'must be a whole number from 1 to 120' }],
    });
  });

  it('are for people who administer the tenant', async () => {
    const key = await house.key(ours as TestTenant, { scopes: ['events:write', 'analytics:read'] });
    expect((await call(house.url, PATH)).status).toBe(401);
    expect((await read(bearer(ours, 'analytics:read'))).status).toBe(403);
    expect((await change({ months: 1, criticalMonths: 1 }, bearer(ours, 'tenant:read'))).status).toBe(403);
    await eventually(async () =>
      expect((await call(house.url, PATH, { headers: { 'x-api-key': key } })).status).toBe(403),
    );
  });
});
