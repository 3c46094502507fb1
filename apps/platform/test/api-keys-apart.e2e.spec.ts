import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppName,
  call,
  describeWithKafka,
  describeWithRedis,
  eventually,
  expectCall,
  HouseApart,
  TestDatabase,
  testDatabase,
} from '@libs/testing';
import { schemas } from '../src/schemas';

interface Key {
  id: string;
  key: string;
  usage: { count: number };
}

const credentials = { email: 'dona@estrela.example', password: 'correto cavalo bateria grampo' };
const ROUTES: [AppName, string][] = [
  ['releases', '/api/v1/releases'],
  ['consolidated', '/api/v1/consolidated/balance'],
];

/** Auth and two services in processes of their own, on real Kafka and Redis. */
describeWithRedis('with Redis', () => {
  describeWithKafka('API keys in the house apart', () => {
    let database: TestDatabase;
    let house: HouseApart;
    let token: string;

    beforeAll(async () => {
      database = await testDatabase(schemas);
      house = await HouseApart.found(database);
      // releases learns of keys through its worker
      await house.startAll(['releases', 'worker-1', 'consolidated']);
      const tenant = { name: 'Padaria', subdomain: 'estrela' };
      const body = { ...credentials, name: 'Dona da Padaria', tenant };
      await expectCall(house.url('auth'), '/api/v1/auth/register', [201], { body });
      type SignedIn = { tokens: { accessToken: string } };
      const signedIn = await expectCall<SignedIn>(house.url('auth'), '/api/v1/auth/login', [200], {
        body: credentials,
      });
      token = signedIn.tokens.accessToken;
    }, 180_000);

    afterAll(async () => {
      await house?.tearDown();
      await database?.drop();
    }, 60_000);

    it('are refused by every process within a second of being revoked', async () => {
      for (let round = 0; round < 5; round++) {
        const [revoked, bystander] = [await aKey(), await aKey()];
        await expectCall(house.url('auth'), `/api/v1/keys/${revoked.id}`, [204], { token, method: 'DELETE' });
        await sleep(1_000);
        expect(await outcomes(revoked)).toEqual(['401 revoked_api_key', '401 revoked_api_key']);
        expect(await outcomes(bystander)).toEqual(['200', '200']);
      }
    }, 120_000);

    it('have their uses counted over all processes, each once', async () => {
      const key = await aKey();
      await sleep(11_000); // what it took to learn the key has been told by now
      const { count } = await usageOf(key);
      for (let i = 0; i < 20; i++) expect(await outcomes(key)).toEqual(['200', '200']);
      await eventually(async () => expect((await usageOf(key)).count).toBe(count + 40), { within: 20_000 });
    }, 90_000);

    it('work while auth is down', async () => {
      const key = await aKey();
      await house.app('auth').stop();
      await sleep(1_500); // nothing that was asked before is remembered now
      expect(await outcomes(key)).toEqual(['200', '200']);
    }, 60_000);

    /** A new key that the services know already. */
    async function aKey(): Promise<Key> {
      const body = { name: 'Integração', scopes: ['releases:read'] };
      const made = await expectCall<Key>(house.url('auth'), '/api/v1/keys', [201], { token, body });
      await eventually(async () => expect(await outcomes(made)).toEqual(['200', '200']), { within: 30_000 });
      return made;
    }

    async function usageOf({ id }: Key): Promise<Key['usage']> {
      return (await expectCall<Key>(house.url('auth'), `/api/v1/keys/${id}`, [200], { token })).usage;
    }

    async function outcomes({ key }: Key): Promise<string[]> {
      const answers = await Promise.all(
        ROUTES.map(([app, path]) =>
          call<{ code?: string }>(house.url(app), path, { headers: { 'x-api-key': key } }),
        ),
      );
      return answers.map(({ status, body: { code } }) => (code ? `${status} ${code}` : String(status)));
    }
  });
});
