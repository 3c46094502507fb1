import { Client } from 'pg';
import { call, eventually, expectCall } from '@libs/testing';
import { AllInOne } from './all-in-one';

const credentials = { email: 'dona@estrela.example', password: 'correto cavalo bateria grampo' };

describe('a data folder that is older than what the log remembers', () => {
  let house: AllInOne;

  beforeAll(async () => {
    house = await AllInOne.prepare({ MONEYFLOW_DEMO: 'false' });
    await house.start();
  }, 60_000);
  afterAll(() => house?.remove(), 60_000);

  it('serves its tenants and their keys in a service that is new to them', async () => {
    await expectCall(house.url, '/api/v1/auth/register', [201], {
      body: { ...credentials, name: 'Dona da Padaria', tenant: { name: 'Padaria', subdomain: 'estrela' } },
    });
    const token = await signIn();
    await expectCall(house.url, '/api/v1/tenants/me', [200], {
      method: 'PATCH',
      token,
      body: { timeZone: 'America/Manaus' },
    });
    const key = await aKey(token);
    await eventually(async () => expect(await sendBy({ 'x-api-key': key })).toBe(202));
    await counted({ 'x-api-key': key }, 1);
    await asNewToEvents();
    await house.running.stop();

    await house.start();
    await eventually(async () => expect(await sendBy({ 'x-api-key': key })).toBe(202));
    const authorization = `Bearer ${await signIn()}`;
    await eventually(async () => expect(await sendBy({ authorization })).toBe(202));
    // what was counted before is there still, in the zone that the log no longer tells
    await counted({ 'x-api-key': key }, 3);
    await counted({ authorization }, 3);
  }, 120_000);

  it('serves the keys of a tenant that the log told of, too', async () => {
    const key = await aKey(await signIn());
    await eventually(async () => expect(await sendBy({ 'x-api-key': key })).toBe(202));
    await counted({ 'x-api-key': key }, 4);
    await asNewToEvents('keys alone');
    await house.running.stop();

    await house.start();
    await eventually(async () => expect(await sendBy({ 'x-api-key': key })).toBe(202));
    await counted({ 'x-api-key': key }, 5);
  }, 120_000);

  /** As if the app events had come only now, to a log that has forgotten its beginning. */
  async function asNewToEvents(lost: 'all' | 'keys alone' = 'all'): Promise<void> {
    const admin = new Client({ connectionString: house.adminUrl });
    await admin.connect();
    await admin.query('delete from event_log.batch');
    for (const app of ['events', 'analytics']) {
      await admin.query(`delete from ${app}.api_key_directory`);
      if (lost === 'all') await admin.query(`delete from ${app}.tenant_directory`);
    }
    if (lost === 'all') await admin.query('delete from analytics.tenant_zone');
    await admin.end();
  }

  async function signIn(): Promise<string> {
    type SignedIn = { tokens: { accessToken: string } };
    const options = { body: credentials };
    return (await expectCall<SignedIn>(house.url, '/api/v1/auth/login', [200], options)).tokens.accessToken;
  }

  async function aKey(token: string): Promise<string> {
    const body = { name: 'Integração', scopes: ['events:write', 'analytics:read'] };
    return (await expectCall<{ key: string }>(house.url, '/api/v1/keys', [201], { token, body })).key;
  }

  /** Until the reports say so: what consumes has the lowest priority, and others may be at work. */
  async function counted(headers: Record<string, string>, events: number): Promise<void> {
    const check = async () => {
      const { status, body } = await call(house.url, '/api/v1/analytics/events/summary', { headers });
      expect(status).toBe(200);
      expect(body).toMatchObject({ timeZone: 'America/Manaus', totals: { events } });
    };
    await eventually(check, { within: 30_000 });
  }

  async function sendBy(headers: Record<string, string>): Promise<number> {
    const body = { eventType: 'page_view' };
    return (await call(house.url, '/api/v1/events/track', { body, headers })).status;
  }
});
