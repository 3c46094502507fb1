import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@libs/embedded';
import { eventLogSchema } from '@libs/messaging';
import {
  AppProcess,
  describeWithRedis,
  eventually,
  TestDatabase,
  testDatabase,
  testRedis,
  TestRedis,
} from '@libs/testing';
import { consolidatedSchema } from '../../consolidated/src/consolidated.schema';
import { authSchema } from '../../auth/src/auth.schema';
import { rotateKeyConfig } from '../../auth/src/operator.config';
import { rotateKey } from '../../auth/src/rotate-key';

/** Production's minutes, made short: every other number of the rotation follows from this one. */
const JWKS_REFRESH_SECONDS = 2;
const LEAD_SECONDS = 10;
const PASSWORD = 'correto cavalo bateria grampo';

describeWithRedis('auth:rotate-key', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let shared: Record<string, string>;
  const processes: AppProcess[] = [];
  const auth: string[] = [];
  const verifiers: string[] = [];

  beforeAll(async () => {
    [database, redis] = await Promise.all([
      testDatabase([authSchema, consolidatedSchema, eventLogSchema]),
      testRedis(),
    ]);
    const secret = randomBytes(32).toString('base64url');
    shared = {
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      RATE_LIMIT_GENERAL_PER_MIN: '0',
      RATE_LIMIT_LOGIN_PER_15_MIN: '0',
      REDIS_URL: redis.url,
      EVENT_LOG_URL: database.urlFor('event_log'),
      AUTH_KEY_SECRET: secret,
      API_KEY_SECRET: secret,
      SMTP_URL: 'log:',
      JWKS_REFRESH_SECONDS: String(JWKS_REFRESH_SECONDS),
    };
    const roles = {
      DATABASE_URL: database.urlFor('auth_api'),
      DATABASE_RELAY_URL: database.urlFor('auth_relay'),
    };
    for (let each = 0; each < 2; each++) auth.push(await launch('auth', roles));
    for (const issuer of auth)
      verifiers.push(
        await launch('consolidated', {
          AUTH_JWKS_URL: `${issuer}/.well-known/jwks.json`,
          DATABASE_URL: database.urlFor('consolidated_api'),
          DATABASE_WORKER_URL: database.urlFor('consolidated_worker'),
        }),
      );
  }, 120_000);
  afterAll(async () => {
    await Promise.all(processes.map((each) => each.stop()));
    await redis?.stop();
    await database?.drop();
  });

  async function launch(app: 'auth' | 'consolidated', env: Record<string, string>): Promise<string> {
    const url = `http://127.0.0.1:${await freePort()}`;
    processes.push(
      await AppProcess.start({
        entry: `apps/${app}/src/main.js`,
        env: { ...shared, ...env, PORT: new URL(url).port },
        readyUrl: `${url}/health/ready`,
      }),
    );
    return url;
  }

  /** What `npm run auth:rotate-key` does. @returns what it printed */
  async function rotate(options: { activateInSeconds?: number; emergency?: boolean }): Promise<string> {
    const lines: string[] = [];
    const environment = { ...shared, DATABASE_AUTH_URL: database.urlFor('auth_api') };
    await rotateKey(rotateKeyConfig.parse(environment), { ...options, print: (line) => lines.push(line) });
    return lines.join();
  }

  interface Pair {
    accessToken: string;
    refreshToken: string;
  }

  async function post(url: string, body: object): Promise<{ tokens: Pair }> {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${url} → ${answer.status} ${text}`);
    return JSON.parse(text) as { tokens: Pair };
  }

  async function get(url: string, token: string): Promise<number> {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    await answer.arrayBuffer();
    return answer.status;
  }

  const kidOf = (token: string): string =>
    (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;
  const published = async (issuer: string): Promise<string[]> => {
    const { keys } = (await (await fetch(`${issuer}/.well-known/jwks.json`)).json()) as {
      keys: { kid: string }[];
    };
    return keys.map(({ kid }) => kid);
  };
  const daily = (verifier: string) => `${verifier}/api/v1/consolidated/daily`;

  it('renews the signing key twice under load without one false 401, in any of four processes', async () => {
    const email = 'dona@rodizio.example';
    await post(`${auth[0]}/api/v1/auth/register`, {
      email,
      password: PASSWORD,
      name: 'Dona da Padaria',
      tenant: { name: 'Padaria Rodízio', subdomain: 'rodizio' },
    });
    const login = () => post(`${auth[0]}/api/v1/auth/login`, { email, password: PASSWORD });

    const statuses = new Map<string, number>();
    const signedBy = auth.map(() => new Set<string>());
    const first = (await login()).tokens.accessToken;
    let over = false;

    const check = async (name: string, url: string, token: string): Promise<void> => {
      const outcome = `${name} ${await get(url, token)}`;
      statuses.set(outcome, (statuses.get(outcome) ?? 0) + 1);
    };
    /** Refreshes at one instance after the other, and shows each token everywhere at once. */
    const client = async (at: number): Promise<void> => {
      let { tokens } = await login();
      for (let turn = at; !over; turn++) {
        const issuer = turn % 2;
        ({ tokens } = await post(`${auth[issuer]}/api/v1/auth/refresh`, {
          refreshToken: tokens.refreshToken,
        }));
        signedBy[issuer]?.add(kidOf(tokens.accessToken));
        await Promise.all([
          ...verifiers.map((verifier) => check('fresh', daily(verifier), tokens.accessToken)),
          ...auth.map((issuer) => check('fresh', `${issuer}/api/v1/auth/me`, tokens.accessToken)),
          ...verifiers.map((verifier) => check('first', daily(verifier), first)),
        ]);
        await sleep(20);
      }
    };
    /** Uses up every look at the keys that an unknown kid may cause. */
    const attacker = async (): Promise<void> => {
      const [, payload, signature] = first.split('.');
      while (!over) {
        const kid = randomBytes(32).toString('base64url');
        const header = Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'at+jwt', kid })).toString(
          'base64url',
        );
        const forged = [header, payload, signature].join('.');
        await Promise.all(
          [...verifiers.map(daily), `${auth[0]}/api/v1/auth/me`].map((url) => check('forged', url, forged)),
        );
        await sleep(20);
      }
    };
    const load = Promise.all([0, 1, 2, 3].map(client).concat(attacker()));
    try {
      const kids = [kidOf(first)];
      for (let rotation = 1; rotation <= 2; rotation++) {
        await sleep(2_000);
        expect(await rotate({ activateInSeconds: LEAD_SECONDS })).toMatch(/^\S+ is published; it signs from/);
        expect(await rotate({ activateInSeconds: LEAD_SECONDS })).toMatch(/^\S+ is waiting already/);
        // Published everywhere, and nobody signs with it yet.
        await eventually(async () => {
          for (const issuer of auth) expect(await published(issuer)).toHaveLength(rotation + 1);
        });
        expect(signedBy.map((set) => set.size)).toEqual([rotation, rotation]);
        const [newest] = await published(auth[0] ?? '');
        kids.push(newest ?? '');
        await eventually(
          async () => expect(signedBy.map((set) => set.has(newest ?? ''))).toEqual([true, true]),
          { within: 30_000 },
        );
      }
      expect(new Set(kids).size).toBe(3);
      await sleep(2_000);
    } finally {
      over = true;
      await load;
    }
    expect([...statuses.keys()].sort()).toEqual(['first 200', 'forged 401', 'fresh 200']);
    expect(statuses.get('fresh 200')).toBeGreaterThan(500);
    process.stdout.write(`rotation under load: ${JSON.stringify(Object.fromEntries(statuses))}\n`);
  }, 120_000);

  it('refuses a time that services could not keep, and a secret that is not that of the keys', async () => {
    const tooSoon = rotate({ activateInSeconds: JWKS_REFRESH_SECONDS });
    await expect(tooSoon).rejects.toThrow(/--activate-in must be 10 or more/);
    const before = await published(auth[0] ?? '');
    const kept = shared['AUTH_KEY_SECRET'] ?? '';
    shared['AUTH_KEY_SECRET'] = 'another secret of thirty-two characters';
    for (const emergency of [false, true])
      await expect(rotate({ emergency })).rejects.toThrow(/AUTH_KEY_SECRET does not open/);
    shared['AUTH_KEY_SECRET'] = kept;
    expect(await published(auth[0] ?? '')).toEqual(before);
  });

  it('is a command', async () => {
    const command = AppProcess.launch({
      entry: 'apps/auth/src/rotate-key.js',
      env: { ...shared, DATABASE_AUTH_URL: database.urlFor('auth_api') },
      args: ['--activate-in=600'],
    });
    await command.ended();
    expect(command.tail).toMatch(/^\S+ is published; it signs from/);
  });

  it('lets a stolen key go: what it signed is refused everywhere, and a refresh goes on', async () => {
    const { tokens } = await post(`${auth[0]}/api/v1/auth/login`, {
      email: 'dona@rodizio.example',
      password: PASSWORD,
    });
    expect(await get(daily(verifiers[0] ?? ''), tokens.accessToken)).toBe(200);
    expect(await rotate({ emergency: true })).toMatch(/refuse every other key within 10 s/);
    await eventually(
      async () => {
        for (const issuer of auth) expect(await published(issuer)).toHaveLength(1);
        for (const url of [...verifiers.map(daily), ...auth.map((issuer) => `${issuer}/api/v1/auth/me`)])
          expect(await get(url, tokens.accessToken)).toBe(401);
      },
      { within: 15_000 },
    );
    const renewed = await post(`${auth[1]}/api/v1/auth/refresh`, { refreshToken: tokens.refreshToken });
    await eventually(
      async () => {
        for (const verifier of verifiers)
          expect(await get(daily(verifier), renewed.tokens.accessToken)).toBe(200);
      },
      { within: 15_000 },
    );
    const admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    const { rows } = await admin.query('select kid from auth.signing_key');
    await admin.end();
    expect(rows).toEqual([{ kid: kidOf(renewed.tokens.accessToken) }]);
  });
});
