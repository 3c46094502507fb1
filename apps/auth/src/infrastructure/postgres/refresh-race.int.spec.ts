import { Client } from 'pg';
import { DatabaseModule } from '@libs/database';
import { newId, Outbox, TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { SqlSession } from '@libs/database';
import { NestFactory } from '@nestjs/core';
import { FixedClock, TestDatabase, testDatabase } from '@libs/testing';
import { EndSession } from '../../application/sessions/end-session';
import { RefreshSession } from '../../application/sessions/refresh-session';
import { inTenant } from '../../application/tenants/tenant-work';
import { authSchema } from '../../auth.schema';
import { openSession, refreshTokenEnd } from '../../domain/session';
import { AuditChain } from '../audit/audit-chain';
import { PostgresAuditLog } from '../audit/postgres-audit-log';
import { OpaqueRefreshTokens } from '../tokens/opaque-refresh-tokens';
import { PostgresDenialRepository } from './postgres-denial.repository';
import { PostgresMembershipRepository } from './postgres-membership.repository';
import { PostgresSessionRepository } from './postgres-session.repository';

const tenantId = newId<TenantId>();
const userId = newId<UserId>();
const tokens = new OpaqueRefreshTokens();
// It stands still: however slow the machine, nobody falls out of the grace.
const clock = new FixedClock();

let database: TestDatabase;
let admin: Client;
let close: () => Promise<void>;
let refresh: RefreshSession;
let start: () => Promise<string>;

beforeAll(async () => {
  database = await testDatabase([authSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(`insert into auth.user values ($1, 'a@b.example', 'n', 'h', now())`, [userId]);
  await admin.query(
    `insert into auth.tenant values ($1, 'n', 'abc', 'UTC', 'active', '{}', 1, now(), '{}', $1, 0)`,
    [tenantId],
  );
  await admin.query(`insert into auth.membership values ($1, $2, 'owner', now())`, [tenantId, userId]);
  const options = { name: 'race', schema: 'auth', url: database.urlFor('auth_api'), poolMax: 20 };
  const context = await NestFactory.createApplicationContext(DatabaseModule.forRoot(options), {
    logger: false,
  });
  close = () => context.close();
  const [sql, transaction] = [context.get(SqlSession), context.get(TenantTransaction)];
  const sessions = new PostgresSessionRepository(sql);
  const denials = new PostgresDenialRepository(sql);
  const denyList = { publish: () => Promise.resolve(), isIncomplete: () => Promise.resolve(false) };
  const audit = new PostgresAuditLog(sql, clock, new AuditChain('a secret of thirty-two characters or more'));
  refresh = new RefreshSession(
    transaction,
    sessions,
    new PostgresMembershipRepository(sql, transaction),
    tokens,
    { issue: () => Promise.resolve('access') },
    new EndSession(transaction, sessions, denials, denyList, context.get(Outbox), audit, clock),
    clock,
  );
  start = async () => {
    const session = openSession(tenantId, userId, ['pwd'], {}, clock.now());
    const token = tokens.mint(tenantId);
    await inTenant(transaction, tenantId, () =>
      sessions.open(session, { hash: token.hash, expiresAt: refreshTokenEnd(clock.now(), session) }),
    );
    return token.text;
  };
});
afterAll(async () => {
  await close?.();
  await admin?.end();
  await database?.drop();
});

/** As a client does: 503 means to ask again. A thousand at once wait long for twenty connections. */
async function persistently(refreshToken: string): Promise<{ refreshToken: string }> {
  for (;;) {
    try {
      return await refresh.execute({ refreshToken, origin: {} });
    } catch (error) {
      if ((error as { code: string }).code !== 'database_unavailable') throw error;
    }
  }
}

async function liveLeaves(): Promise<number> {
  const { rows } = await admin.query<{ live: string }>(
    `select count(*) as live from auth.refresh_token t join auth.session s on s.id = t.session_id
     where t.spent_at is null and s.ended_at is null and s.id = (select max(id::text)::uuid from auth.session)`,
  );
  return Number(rows[0]?.live ?? 0);
}

it('leaves exactly one live leaf after 1,000 refreshes of one token at once', async () => {
  const token = await start();
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => persistently(token)));
  expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1);
  expect(await liveLeaves()).toBe(1);
});

it('never leaves two live leaves when 1,000 refreshes present every generation at once', async () => {
  const known = [await start()];
  const outcomes = await Promise.all(
    Array.from({ length: 1_000 }, async (_, i) => {
      await new Promise((resolve) => setTimeout(resolve, i / 4));
      const refreshToken = known[Math.floor(Math.random() * known.length)] ?? '';
      try {
        known.push((await persistently(refreshToken)).refreshToken);
        return 'refreshed';
      } catch (error) {
        return (error as { code: string }).code;
      }
    }),
  );
  const refusals = new Set(outcomes);
  expect(refusals.delete('refreshed')).toBe(true);
  for (const code of refusals) expect(['refresh_token_reused', 'invalid_refresh_token']).toContain(code);
  // A reuse that was seen has ended the session: then there is no leaf at all.
  expect(await liveLeaves()).toBe(refusals.has('refresh_token_reused') ? 0 : 1);
});

it('recovers inside the grace, whichever answers are lost', async () => {
  const families = Array.from({ length: 50 }, async () => {
    let token = await start();
    for (let turn = 0; turn < 20; turn++) {
      let answer = await persistently(token);
      // Lost on the way: the client has the old token still, and brings it again, once or more at once.
      while (Math.random() < 0.3) {
        const again = await Promise.all([persistently(token), persistently(token)]);
        for (const { refreshToken } of again) expect(refreshToken).toBe(answer.refreshToken);
        [answer] = again;
      }
      token = answer.refreshToken;
    }
    return token;
  });
  for (const token of await Promise.all(families)) await expect(persistently(token)).resolves.toBeDefined();
  const { rows } = await admin.query<{ most: string; reused: string }>(
    `select max(live) as most, (select count(*) from auth.session where ended_reason = 'refresh_reuse'
         and id in (select id from auth.session order by created_at desc, id desc limit 50)) as reused
     from (select count(*) as live from auth.refresh_token where spent_at is null group by session_id) leaf`,
  );
  expect(rows).toEqual([{ most: '1', reused: '0' }]);
});

it('ends the family once, and writes it down once, when a hundred bring a stolen token at once', async () => {
  const stolen = await start();
  const { refreshToken: next } = await persistently(stolen);
  const { refreshToken: live } = await persistently(next);
  const codes = await Promise.all(
    Array.from({ length: 100 }, () =>
      persistently(stolen).then(
        () => 'refreshed',
        (error: unknown) => (error as { code: string }).code,
      ),
    ),
  );
  // Whoever comes after the end is told no more than that it is over.
  expect(codes).toContain('refresh_token_reused');
  for (const code of codes) expect(['refresh_token_reused', 'invalid_refresh_token']).toContain(code);
  await expect(persistently(live)).rejects.toMatchObject({ code: 'invalid_refresh_token' });
  expect(await liveLeaves()).toBe(0);
  const { rows } = await admin.query(
    `select action, details from auth.audit_entry
     where target = (select max(id::text) from auth.session) and action = 'session.reuse_detected'`,
  );
  expect(rows).toEqual([{ action: 'session.reuse_detected', details: { userId, reason: 'refresh_reuse' } }]);
});
