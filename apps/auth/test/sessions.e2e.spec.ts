import { Client } from 'pg';
import { eventually } from '@libs/testing';
import { AuthUnderTest, Tokens } from './auth-under-test';

let auth: AuthUnderTest;
let admin: Client;

beforeAll(async () => {
  auth = await AuthUnderTest.start();
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
  await auth.register('estrela');
});
afterAll(async () => {
  await admin?.end();
  await auth?.stop();
});

/** As if the last exchange had happened `seconds` earlier. */
async function age(seconds: number): Promise<void> {
  await admin.query(`update auth.refresh_token set spent_at = spent_at - make_interval(secs => $1)`, [
    seconds,
  ]);
}

async function rows<T>(sql: string): Promise<T[]> {
  return (await admin.query(sql)).rows as T[];
}

function sidOf({ accessToken }: Tokens): string {
  return JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()).sid;
}

async function liveLeaves(sid: string): Promise<number> {
  const { rowCount } = await admin.query(
    `select from auth.refresh_token t join auth.session s on s.id = t.session_id
     where s.id = $1 and t.spent_at is null and s.ended_at is null`,
    [sid],
  );
  return rowCount ?? 0;
}

describe('refreshing', () => {
  it('rotates: the successor works, and so does the new access token', async () => {
    const first = await auth.login('estrela');
    const { status, body } = await auth.refresh(first.refreshToken);
    expect(status).toBe(200);
    expect(body.tokens.refreshToken).not.toBe(first.refreshToken);
    expect((await auth.me(body.tokens.accessToken)).status).toBe(200);
    expect((await auth.refresh(body.tokens.refreshToken)).status).toBe(200);
  });

  it('gives the same successor again within the grace, for an answer that was lost', async () => {
    const { refreshToken } = await auth.login('estrela');
    const first = await auth.refresh(refreshToken);
    const again = await auth.refresh(refreshToken);
    expect(again.body.tokens.refreshToken).toBe(first.body.tokens.refreshToken);
    expect((await auth.refresh(again.body.tokens.refreshToken)).status).toBe(200);
  });

  it('ends the session when a spent token comes back after the grace', async () => {
    const first = await auth.login('estrela');
    const second = (await auth.refresh(first.refreshToken)).body.tokens;
    await age(11);
    const reused = await auth.refresh(first.refreshToken);
    expect(reused).toMatchObject({ status: 401, body: { code: 'refresh_token_reused' } });
    expect(await auth.refresh(second.refreshToken)).toMatchObject({
      status: 401,
      body: { code: 'invalid_refresh_token' },
    });
    expect((await auth.me(second.accessToken)).body['code']).toBe('revoked_token');
  });

  it('grants the grace to the immediate predecessor only', async () => {
    const first = await auth.login('estrela');
    const second = (await auth.refresh(first.refreshToken)).body.tokens;
    const third = (await auth.refresh(second.refreshToken)).body.tokens;
    expect((await auth.refresh(first.refreshToken)).body.code).toBe('refresh_token_reused');
    expect((await auth.refresh(third.refreshToken)).status).toBe(401);
  });

  it('leaves one live leaf after a hundred refreshes at once, all told the same', async () => {
    const tokens = await auth.login('estrela');
    // As a client does: 503 means to ask again. On a busy machine a hundred at once wait long for a connection.
    const persistently = async () => {
      for (;;) {
        const answer = await auth.refresh(tokens.refreshToken);
        if (answer.status !== 503) return answer;
      }
    };
    const answers = await Promise.all(Array.from({ length: 100 }, persistently));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.tokens.refreshToken)).size).toBe(1);
    expect(await liveLeaves(sidOf(tokens))).toBe(1);
  });

  it('leaves at most one live leaf when generations race', async () => {
    let tokens = await auth.login('estrela');
    const sid = sidOf(tokens);
    const known = [tokens.refreshToken];
    for (let generation = 0; generation < 4; generation++) {
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, i) => auth.refresh(known[i % known.length] ?? '')),
      );
      tokens = answers.find(({ status }) => status === 200)?.body.tokens ?? tokens;
      known.push(tokens.refreshToken);
    }
    expect(await liveLeaves(sid)).toBeLessThanOrEqual(1);
  });

  it.each([
    ['nonsense', () => 'nonsense'],
    ['an unknown token of our form', () => `mf_refresh_${'A'.repeat(64)}`],
    ['an access token', (tokens: Tokens) => tokens.accessToken.slice(0, 250)],
    [
      'a changed tenant',
      ({ refreshToken: t }: Tokens) => `${t.slice(0, 14)}${t[14] === 'A' ? 'B' : 'A'}${t.slice(15)}`,
    ],
    ['a changed secret', ({ refreshToken: t }: Tokens) => `${t.slice(0, -1)}${t.endsWith('A') ? 'B' : 'A'}`],
  ])('refuses %s, and ends nothing for it', async (_name, forge) => {
    const tokens = await auth.login('estrela');
    expect(await auth.refresh(forge(tokens))).toMatchObject({
      status: 401,
      body: { code: 'invalid_refresh_token' },
    });
    expect((await auth.refresh(tokens.refreshToken)).status).toBe(200);
  });

  it('refuses a token after its seven days', async () => {
    const { refreshToken } = await auth.login('estrela');
    await admin.query(
      `update auth.refresh_token set expires_at = now() - interval '1 s' where spent_at is null`,
    );
    expect((await auth.refresh(refreshToken)).body.code).toBe('invalid_refresh_token');
  });

  it('refuses an access token as a refresh token and the other way round', async () => {
    const tokens = await auth.login('estrela');
    expect((await auth.me(tokens.refreshToken)).status).toBe(401);
  });

  it('keeps no token at rest', async () => {
    const { refreshToken } = await auth.login('estrela');
    const { tokens } = (await auth.refresh(refreshToken)).body;
    const kept = await rows<{ line: string }>('select t::text as line from auth.refresh_token t');
    for (const text of [refreshToken, tokens.refreshToken]) {
      const secret = Buffer.from(text.slice('mf_refresh_'.length), 'base64url').subarray(16);
      for (const needle of [text, secret.toString('hex'), Buffer.from(text).toString('hex')])
        expect(kept.some(({ line }) => line.includes(needle))).toBe(false);
    }
  });
});

describe('ending sessions', () => {
  it('refuses the access and the refresh token after logout, in every process', async () => {
    const tokens = await auth.login('estrela');
    const other = await auth.login('estrela');
    expect(
      (await auth.call('/api/v1/auth/logout', { method: 'POST', token: tokens.accessToken })).status,
    ).toBe(204);
    expect((await auth.me(tokens.accessToken)).body['code']).toBe('revoked_token');
    expect((await auth.refresh(tokens.refreshToken)).status).toBe(401);
    expect((await auth.me(other.accessToken)).status).toBe(200);
  });

  it('ends every session by logout-all', async () => {
    const sessions = [await auth.login('estrela'), await auth.login('estrela')];
    const { accessToken: token } = await auth.login('estrela');
    expect((await auth.call('/api/v1/auth/logout-all', { method: 'POST', token })).status).toBe(204);
    for (const { accessToken, refreshToken } of sessions) {
      expect((await auth.me(accessToken)).status).toBe(401);
      expect((await auth.refresh(refreshToken)).status).toBe(401);
    }
    expect((await auth.me(token)).status).toBe(401);
  });

  it("lists one's own sessions and ends one of them", async () => {
    await auth.register('lista');
    const old = await auth.login('lista');
    const { accessToken: token } = await auth.login('lista');
    const list = await auth.call<{ items: { id: string; current: boolean }[] }>('/api/v1/auth/sessions', {
      token,
    });
    expect(list.body.items.map(({ current }) => current).sort()).toEqual([false, true]);
    const id = sidOf(old);
    const end = (session: string, by: string) =>
      auth.call(`/api/v1/auth/sessions/${session}`, { method: 'DELETE', token: by });
    expect((await end(id, token)).status).toBe(204);
    expect((await auth.me(old.accessToken)).status).toBe(401);
    const stranger = (await auth.login('estrela')).accessToken;
    for (const foreign of [
      sidOf({ accessToken: token } as Tokens),
      'nonsense',
      '019a2b3c-0000-7000-8000-000000000001',
    ])
      expect(await end(foreign, stranger)).toMatchObject({
        status: 404,
        body: { code: 'session_not_found' },
      });
    expect((await auth.me(token)).status).toBe(200);
  });

  it('asks for a fresh proof to end another of one’s sessions, and for none to end this one', async () => {
    await auth.register('alheia');
    const [other, mine] = [await auth.login('alheia'), await auth.login('alheia')];
    await admin.query(
      `update auth.session set authenticated_at = now() - interval '6 minutes' where id = $1`,
      [sidOf(mine)],
    );
    const { accessToken: token } = (await auth.refresh(mine.refreshToken)).body.tokens;
    const end = (session: string) =>
      auth.call(`/api/v1/auth/sessions/${session}`, { method: 'DELETE', token });
    for (const id of [sidOf(other), '019a2b3c-0000-7000-8000-000000000001'])
      expect(await end(id)).toMatchObject({ status: 403, body: { code: 'step_up_required' } });
    expect((await auth.me(other.accessToken)).status).toBe(200);
    expect((await end(sidOf(mine))).status).toBe(204);
    expect((await auth.me(token)).status).toBe(401);
  });

  it('remembers revocations over a restart', async () => {
    const tokens = await auth.login('estrela');
    await auth.call('/api/v1/auth/logout', { method: 'POST', token: tokens.accessToken });
    const restarted = await auth.another();
    try {
      await eventually(async () => {
        expect((await restarted.me(tokens.accessToken)).body['code']).toBe('revoked_token');
      });
    } finally {
      await restarted.app.close();
    }
  });
});
