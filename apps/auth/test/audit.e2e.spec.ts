import { Client } from 'pg';
import { AuthUnderTest, Tokens } from './auth-under-test';

interface Entry {
  seq: number;
  occurredAt: string;
  action: string;
  actor: { kind: string; id?: string };
  target?: string;
  details: Record<string, unknown>;
  requestId: string;
  mac?: string;
}
interface Page {
  items: Entry[];
  nextCursor: string | null;
}
interface Verdict {
  intact: boolean;
  entries: number;
  findings: number;
  tampering: { kind: string; seq: number }[];
}

const AUDIT = '/api/v1/tenants/me/audit';

let auth: AuthUnderTest;
let admin: Client;
let owner: Tokens;
let userId: string;

beforeAll(async () => {
  auth = await AuthUnderTest.start();
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
  const { body } = await auth.register('livro');
  userId = (body['user'] as { id: string }).id;
  await auth.register('vizinha');
  owner = await auth.login('livro');
});
afterAll(async () => {
  await admin?.end();
  await auth?.stop();
});

const list = async (query = '', token = owner.accessToken): Promise<Page> => {
  const { status, body } = await auth.call<Page>(`${AUDIT}${query}`, { token });
  expect(status).toBe(200);
  return body;
};
const raw = (path: string, token: string) =>
  auth.app.inject({ url: `${AUDIT}${path}`, headers: { authorization: `Bearer ${token}` } });
const file = async (
  query: string,
  token = owner.accessToken,
): Promise<{ text: string; headers: Record<string, unknown> }> => {
  const answer = await raw(`/export${query}`, token);
  expect(answer.statusCode).toBe(200);
  return { text: answer.body, headers: answer.headers };
};
const verify = async (token = owner.accessToken): Promise<Verdict> =>
  (await auth.call<Verdict>(`${AUDIT}/verify`, { token })).body;
/** A tenant with more entries than it wrote. @returns a token of its owner */
async function tenantWith(subdomain: string, entries: string): Promise<string> {
  const { body } = await auth.register(subdomain);
  const { accessToken } = await auth.login(subdomain);
  await admin.query(`insert into auth.audit_entry ${entries}`, [(body['tenant'] as { id: string }).id]);
  return accessToken;
}
const sidOf = ({ accessToken }: Tokens): string =>
  (JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as { sid: string }).sid;

describe('the audit log', () => {
  it('begins with the registration and tells of each sign-in, on which request and from where', async () => {
    const { items } = await list();
    expect(items.map(({ seq }) => seq)).toEqual(items.map((_each, at) => items.length - at));
    expect(items.at(-1)).toMatchObject({
      seq: 1,
      action: 'tenant.registered',
      actor: { kind: 'person', id: userId },
      details: { subdomain: 'livro' },
    });
    expect(items[0]).toMatchObject({
      action: 'session.opened',
      actor: { kind: 'person', id: userId },
      target: sidOf(owner),
      details: { methods: ['pwd'], ip: '127.0.0.1' },
    });
    expect(items[0]?.requestId).toMatch(/^[\w-]{8,}$/);
  });

  it('tells of logouts, and of a refresh token that came twice', async () => {
    const gone = await auth.login('livro');
    await auth.call('/api/v1/auth/logout', { method: 'POST', token: gone.accessToken });
    const stolen = await auth.login('livro');
    const next = await auth.refresh(stolen.refreshToken);
    await auth.refresh(next.body.tokens.refreshToken);
    expect((await auth.refresh(stolen.refreshToken)).body.code).toBe('refresh_token_reused');
    expect((await auth.refresh(stolen.refreshToken)).status).toBe(401);
    const { items } = await list('?limit=4');
    expect(items.map(({ action, target }) => [action, target])).toEqual([
      ['session.reuse_detected', sidOf(stolen)],
      ['session.opened', sidOf(stolen)],
      ['session.ended', sidOf(gone)],
      ['session.opened', sidOf(gone)],
    ]);
    expect(items[0]).toMatchObject({
      actor: { kind: 'system' },
      details: { userId, reason: 'refresh_reuse' },
    });
    expect(items[2]).toMatchObject({ actor: { kind: 'person', id: userId }, details: { reason: 'logout' } });
  });

  it('is paged by a cursor that stays while entries are added', async () => {
    const first = await list('?limit=2');
    await auth.login('livro');
    const rest = await list(`?limit=200&cursor=${first.nextCursor}`);
    const seqs = [...first.items, ...rest.items].map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_each, at) => seqs.length - at));
    expect(rest.nextCursor).toBeNull();
  });

  it('is filtered by action, actor, target and time, together', async () => {
    const all = (await list('?limit=200')).items;
    const opened = all.filter(({ action }) => action === 'session.opened');
    expect((await list('?limit=200&action=session.opened')).items).toEqual(opened);
    expect((await list(`?actor=${userId}&target=${sidOf(owner)}`)).items).toHaveLength(1);
    expect((await list(`?actor=${sidOf(owner)}`)).items).toEqual([]);
    const [newest] = all;
    const from = encodeURIComponent(newest?.occurredAt ?? '');
    expect((await list(`?from=${from}&to=${from}`)).items[0]?.seq).toBe(newest?.seq);
    expect((await list('?to=2020-01-01T00:00:00Z')).items).toEqual([]);
    expect((await list(`?action=session.opened&from=${from}&limit=200`)).items.length).toBeLessThan(
      opened.length,
    );
  });

  it.each([
    ['?action=DROP', 'malformed_action'],
    ['?actor=%20', 'malformed_actor'],
    ['?target=a%20b', 'malformed_target'],
    ['?target=%00', 'forbidden_character'],
    ['?from=yesterday', 'malformed_from'],
    ['?to=2026-11-22', 'malformed_to'],
    ['?limit=0', 'malformed_limit'],
    ['?cursor=WyJ4Il0', 'malformed_cursor'],
    ['?cursor=WyItMSJd', 'malformed_cursor'],
    ['/export?format=xlsx', 'malformed_format'],
    ['?tenantId=1', undefined],
  ])('refuses %s', async (query, code) => {
    const { status, body } = await auth.call<{ code: string; errors?: { code: string }[] }>(
      `${AUDIT}${query}`,
      {
        token: owner.accessToken,
      },
    );
    expect(status).toBe(400);
    if (code) expect([body.code, ...(body.errors ?? []).map((each) => each.code)]).toContain(code);
  });

  it('is for owners and administrators', async () => {
    for (const role of ['viewer', 'operator', 'admin']) {
      await admin.query('update auth.membership set role = $1 where user_id = $2', [role, userId]);
      const { accessToken: token } = await auth.login('livro');
      for (const path of ['', '/export', '/verify'])
        expect((await raw(path, token)).statusCode).toBe(role === 'admin' ? 200 : 403);
    }
    await admin.query(`update auth.membership set role = 'owner' where user_id = $1`, [userId]);
    expect((await auth.call(AUDIT)).status).toBe(401);
  });

  it("shows nobody another tenant's entries, whatever the cursor and the filter", async () => {
    const { accessToken: token } = await auth.login('vizinha');
    const first = await list('?limit=1');
    for (const query of [
      '?limit=200',
      `?target=${sidOf(owner)}`,
      `?actor=${userId}`,
      `?cursor=${first.nextCursor}`,
    ]) {
      const { items } = await list(query, token);
      expect(JSON.stringify(items)).not.toContain(userId);
    }
    expect((await verify(token)).intact).toBe(true);
  });
});

describe('an export', () => {
  it('is the whole log as JSON lines, each with its MAC, the export itself the last', async () => {
    const { text, headers } = await file('?format=ndjson');
    expect(headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-disposition': 'attachment; filename="audit.ndjson"',
      'cache-control': 'no-store',
    });
    const entries = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Entry);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_each, at) => at + 1));
    expect(entries.at(-1)).toMatchObject({ action: 'audit.exported', details: { format: 'ndjson' } });
    for (const { mac } of entries) expect(mac).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is CSV that no spreadsheet runs, and holds the filter only', async () => {
    const token = await tenantWith(
      'planilha',
      `select tenant_id, seq + 10, occurred_at, action, actor_kind, actor_id, '=HYPERLINK("http://x")', details,
         request_id, mac from auth.audit_entry where action = 'session.opened' and tenant_id = $1`,
    );
    const { text, headers } = await file('?action=session.opened', token);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    const [header, ...lines] = text.trimEnd().split('\r\n');
    expect(header).toBe('seq,occurredAt,action,actorKind,actorId,target,details,requestId,mac');
    expect(lines.map((line) => line.split(',')[2])).toEqual(['session.opened', 'session.opened']);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(lines[1]).toContain(`"{""methods"":[""pwd""],""ip"":""127.0.0.1""}"`);
  });

  it('crosses the borders between pieces without losing or doubling an entry', async () => {
    const token = await tenantWith(
      'arquivo',
      `select tenant_id, 10 + n, occurred_at, 'app.created', actor_kind, actor_id, target, details, request_id, mac
       from auth.audit_entry, generate_series(1, 1000) n where seq = 1 and tenant_id = $1`,
    );
    const { text } = await file('?format=ndjson&action=app.created', token);
    const seqs = text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as Entry).seq);
    expect(seqs).toEqual(Array.from({ length: 1000 }, (_each, at) => 11 + at));
  });
});

describe('verifying', () => {
  it('finds the log of everything above intact', async () => {
    const verdict = await verify();
    expect(verdict).toMatchObject({ intact: true, findings: 0, tampering: [] });
    expect(verdict.entries).toBeGreaterThan(10);
  });

  it('says which entry was altered', async () => {
    const { accessToken: token } = await auth.register('mexida').then(() => auth.login('mexida'));
    await admin.query(
      `set session_replication_role = replica; update auth.audit_entry set details = '{}'
       where seq = 1 and tenant_id = (select id from auth.tenant where subdomain = 'mexida');
       set session_replication_role = origin`,
    );
    expect(await verify(token)).toMatchObject({
      intact: false,
      findings: 1,
      tampering: [{ kind: 'entry_altered', seq: 1 }],
    });
  });

  it('is asked a few times a minute at most', async () => {
    const { accessToken: token } = await auth.register('pressa').then(() => auth.login('pressa'));
    const statuses = [];
    for (let each = 0; each < 8; each++)
      statuses.push((await auth.call(`${AUDIT}/verify`, { token })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
  });
});
