import { ExpiringSet } from '@libs/redis';
import { DENY_LIST } from '@libs/security';
import { AuthUnderTest } from './auth-under-test';

let auth: AuthUnderTest;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
});
afterAll(() => auth?.stop());

describe('making keys', () => {
  // Whoever registers a company could else fill what every process of every service copies twice a second.
  it('fills the deny list of the whole platform for nobody', async () => {
    await auth.register('enchente');
    await auth.register('vizinha');
    const token = (await auth.login('enchente')).accessToken;
    const make = (as: string) =>
      auth.call<{ id: string }>('/api/v1/keys', {
        token: as,
        body: { name: 'descartável', scopes: ['releases:read'] },
      });
    let { id } = (await make(token)).body;
    const statuses = new Set<number>();
    for (let made = 1; made < 110; made += 1) {
      const answer = await auth.call<{ id: string }>(`/api/v1/keys/${id}/regenerate`, { token, body: {} });
      statuses.add(answer.status);
      if (answer.status === 201) id = answer.body.id;
    }
    expect([...statuses]).toEqual([201, 429]);
    expect((await make(token)).status).toBe(429);
    expect((await auth.call(`/api/v1/keys/${id}`, { method: 'DELETE', token })).status).toBe(204);

    const { members } = await auth.app.get(ExpiringSet, { strict: false }).snapshot(DENY_LIST);
    expect(members.size).toBe(100);
    expect((await make((await auth.login('vizinha')).accessToken)).status).toBe(201);
  });
});
