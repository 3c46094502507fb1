import { setTimeout as sleep } from 'node:timers/promises';
import { call, expectCall } from '@libs/testing';
import { HouseInProcess } from './house-in-process';

const PASSWORD = 'correto cavalo bateria grampo';
const email = 'dona@estrela.example';
const tenant = { name: 'Padaria', subdomain: 'estrela' };

describe('an access token after logout', () => {
  let house: HouseInProcess;

  beforeAll(async () => {
    house = await HouseInProcess.open();
    const body = { email, password: PASSWORD, name: 'Dona da Padaria', tenant };
    await expectCall(house.url, '/api/v1/auth/register', [201], { body });
  }, 60_000);
  afterAll(() => house.close());

  it.each(['logout', 'logout-all'])('%s: is refused by every application within a second', async (way) => {
    const token = await signIn();
    const bystander = await signIn();
    // Each verifier has it in its memory by now.
    expect(await statuses(token)).toEqual([200, 200, 200, 202]);
    expect((await call(house.url, `/api/v1/auth/${way}`, { method: 'POST', token })).status).toBe(204);
    await sleep(1_000);
    expect(await statuses(token)).toEqual([401, 401, 401, 401]);
    const others = way === 'logout' ? [200, 200, 200, 202] : [401, 401, 401, 401];
    expect(await statuses(bystander)).toEqual(others);
  });

  async function signIn(): Promise<string> {
    const body = { email, password: PASSWORD };
    type SignedIn = { tokens: { accessToken: string } };
    const { tokens } = await expectCall<SignedIn>(house.url, '/api/v1/auth/login', [200], { body });
    return tokens.accessToken;
  }

  async function statuses(token: string): Promise<number[]> {
    const release = { description: 'Venda', amount: '1.00' };
    const answers = [
      await call(house.url, '/api/v1/auth/me', { token }),
      await call(house.url, '/api/v1/releases', { token }),
      await call(house.url, '/api/v1/consolidated/balance', { token }),
      await call(house.url, '/api/v1/releases', { token, body: release }),
    ];
    return answers.map(({ status }) => status);
  }
});
