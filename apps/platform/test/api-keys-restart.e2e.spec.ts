import { randomBytes } from 'node:crypto';
import { call, eventually, expectCall } from '@libs/testing';
import { AllInOne } from './all-in-one';

interface Key {
  id: string;
  key: string;
}

const credentials = { email: 'dona@estrela.example', password: 'correto cavalo bateria grampo' };
const pepper = () => randomBytes(32).toString('base64url');

describe('API keys over restarts of the all-in-one', () => {
  const [first, second] = [pepper(), pepper()];
  let house: AllInOne;
  let token: string;

  beforeAll(async () => {
    house = await AllInOne.prepare({ MONEYFLOW_DEMO: 'false' });
  });
  afterAll(() => house?.remove());

  it('stand, stay revoked, and outlive the pepper they were not made under', async () => {
    await house.start({ API_KEY_SECRET: first });
    await expectCall(house.url, '/api/v1/auth/register', [201], {
      body: { ...credentials, name: 'Dona da Padaria', tenant: { name: 'Padaria', subdomain: 'estrela' } },
    });
    await signIn();
    const [kept, revoked] = [await aKey(), await aKey()];
    expect(await outcome(kept)).toBe('200');
    await expectCall(house.url, `/api/v1/keys/${revoked.id}`, [204], { token, method: 'DELETE' });
    await house.running.kill9();

    await house.start({ API_KEY_SECRET: `2:${second},1:${first}` });
    expect(await outcome(kept)).toBe('200');
    expect(await outcome(revoked)).toBe('401 revoked_api_key');
    await signIn();
    const fresh = await aKey();
    await house.running.stop();

    await house.start({ API_KEY_SECRET: `2:${second}` });
    expect(await outcome(fresh)).toBe('200');
    // Nobody can tell any more what it is the key to.
    expect(await outcome(kept)).toBe('401 invalid_api_key');
  }, 180_000);

  async function signIn(): Promise<void> {
    type SignedIn = { tokens: { accessToken: string } };
    const options = { body: credentials };
    token = (await expectCall<SignedIn>(house.url, '/api/v1/auth/login', [200], options)).tokens.accessToken;
  }

  /** A new key that the services know already. */
  async function aKey(): Promise<Key> {
    const body = { name: 'Integração', scopes: ['releases:read'] };
    const made = await expectCall<Key>(house.url, '/api/v1/keys', [201], { token, body });
    await eventually(async () => expect(await outcome(made)).toBe('200'));
    return made;
  }

  /** `200`, or the status and the code, where both services say the same. */
  async function outcome({ key }: Key): Promise<string> {
    const headers = { 'x-api-key': key };
    const answers = [
      await call<{ code?: string }>(house.url, '/api/v1/releases', { headers }),
      await call<{ code?: string }>(house.url, '/api/v1/consolidated/balance', { headers }),
    ];
    const said = answers.map(({ status, body: { code } }) => (code ? `${status} ${code}` : String(status)));
    return [...new Set(said)].join(' and ');
  }
});
