import { routesOf } from '@libs/http';
import { HouseInProcess } from './house-in-process';

/** All that answers without a token. Whoever adds to this list opens a route to the whole world. */
const PUBLIC = [
  'GET /.well-known/jwks.json',
  'GET /api/v1/auth/google',
  'GET /api/v1/auth/google/callback',
  'GET /api/v1/invitations/:token',
  'GET /moneyflow-tracking.d.mts',
  'GET /moneyflow-tracking.d.ts',
  'GET /moneyflow-tracking.js',
  'GET /moneyflow-tracking.mjs',
  'GET /test.html',
  'GET /test.json',
  'GET /test/:file',
  'POST /api/v1/auth/challenge',
  'POST /api/v1/auth/confirm',
  'POST /api/v1/auth/confirm/resend',
  'POST /api/v1/auth/google/token',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/mfa',
  'POST /api/v1/auth/password/forgot',
  'POST /api/v1/auth/password/reset',
  'POST /api/v1/auth/refresh',
  'POST /api/v1/auth/register',
  'POST /api/v1/invitations/:token/accept',
];
/** Of every application, beside its controllers. */
const OPERATIONAL = /^GET \/(health|health\/live|health\/ready|metrics|api-docs(-json|\/.*)?)$/;

describe('without a token', () => {
  let house: HouseInProcess;

  beforeAll(async () => {
    house = await HouseInProcess.open();
  }, 60_000);
  afterAll(() => house.close());

  it('only the routes of this list answer, of all that any application has', async () => {
    const open: string[] = [];
    let closed = 0;
    const apps = [house.platform, ...house.applications.map(({ app }) => app)];
    for (const app of apps) {
      for (const route of routesOf(app)) {
        const [method = '', path = ''] = route.split(' ');
        const url = path.replace(/:[^/]+/g, '00000000-0000-8000-8000-000000000000').replace('*', 'x');
        const answer = await app.inject({ method: method as 'GET', url });
        if (answer.statusCode === 401) {
          expect([route, answer.headers['www-authenticate']]).toEqual([route, 'Bearer']);
          closed++;
        } else open.push(route);
      }
    }
    const readable = open.map((route) => route.replace(/^HEAD /, 'GET '));
    const named = new Set(readable.filter((route) => !OPERATIONAL.test(route)));
    expect([...named].sort()).toEqual(PUBLIC);
    expect(closed).toBeGreaterThanOrEqual(50);
  });
});
