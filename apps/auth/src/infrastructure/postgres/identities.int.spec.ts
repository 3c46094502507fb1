import { Client } from 'pg';
import { DatabaseModule, SqlSession } from '@libs/database';
import { newId, TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { FixedClock, TestDatabase, testDatabase } from '@libs/testing';
import { NestFactory } from '@nestjs/core';
import { ActingSession } from '../../application/sign-in/identity-provider';
import { authSchema } from '../../auth.schema';
import { PostgresIdentityRepository } from './postgres-identity.repository';
import { PostgresSessionGrants } from './postgres-session-grants';

const SECRET = 'a secret for tests, thirty-two characters at least';
const clock = new FixedClock();
const tenants = [newId<TenantId>(), newId<TenantId>()] as const;
const people = Array.from({ length: 6 }, () => newId<UserId>());
const [dona, other] = people as [UserId, UserId];

let database: TestDatabase;
let admin: Client;
let close: () => Promise<void>;
let identities: PostgresIdentityRepository;
let grantsWith: (secret: string) => PostgresSessionGrants;
let grants: PostgresSessionGrants;

beforeAll(async () => {
  database = await testDatabase([authSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  for (const person of people)
    await admin.query(`insert into auth.user (id, email, name, created_at) values ($1, $2, 'n', now())`, [
      person,
      `${person}@x.example`,
    ]);
  const options = { name: 'identities', schema: 'auth', url: database.urlFor('auth_api'), poolMax: 20 };
  const context = await NestFactory.createApplicationContext(DatabaseModule.forRoot(options), {
    logger: false,
  });
  close = () => context.close();
  const [sql, transaction] = [context.get(SqlSession), context.get(TenantTransaction)];
  identities = new PostgresIdentityRepository(sql);
  grantsWith = (secret) => new PostgresSessionGrants(secret, transaction, sql, clock);
  grants = grantsWith(SECRET);
});
afterAll(async () => {
  await close?.();
  await admin?.end();
  await database?.drop();
});

async function session(userId = dona, tenantId: TenantId = tenants[0]): Promise<ActingSession> {
  const sessionId = newId();
  await admin.query(
    `insert into auth.session (tenant_id, id, user_id, created_at, last_used_at, expires_at, authenticated_at)
     values ($1, $2, $3, $4, $4, $4::timestamptz + interval '1 day', $4)`,
    [tenantId, sessionId, userId, clock.now()],
  );
  return { tenantId, userId, sessionId };
}

describe('identities', () => {
  const at = (issuer: string, subject: string) => ({ issuer, subject });

  it('belong to the issuer: one subject of two issuers is two people', async () => {
    await identities.link(at('https://a.example', '1'), dona, clock.now());
    await identities.link(at('https://b.example', '1'), other, clock.now());
    await expect(identities.find(at('https://a.example', '1'))).resolves.toBe(dona);
    await expect(identities.find(at('https://b.example', '1'))).resolves.toBe(other);
    await expect(identities.find(at('https://a.example/', '1'))).resolves.toBeUndefined();
    await expect(identities.ofUser(dona)).resolves.toEqual([at('https://a.example', '1')]);
  });

  it.each([
    ['to a second user', 'https://a.example', '1', other],
    ['of a user who is somebody else there', 'https://a.example', '2', dona],
  ])('are not linked %s', async (_name, issuer, subject, user) => {
    await expect(identities.link(at(issuer, subject), user, clock.now())).rejects.toMatchObject({
      code: 'identity_linked_elsewhere',
    });
    await expect(identities.find(at('https://a.example', '1'))).resolves.toBe(dona);
  });

  it('are linked again without a word', async () => {
    await identities.link(at('https://a.example', '1'), dona, clock.now());
  });

  it('go to one user when many claim them at once', async () => {
    const claims = await Promise.allSettled(
      people.flatMap((user) =>
        Array.from({ length: 5 }, () => identities.link(at('https://race.example', 'x'), user, clock.now())),
      ),
    );
    const winner = await identities.find(at('https://race.example', 'x'));
    expect(people).toContain(winner);
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('are never given to another person by the API', async () => {
    const api = new Client({ connectionString: database.urlFor('auth_api') });
    await api.connect();
    try {
      const sql = 'update auth.identity set user_id = $1';
      await expect(api.query(sql, [other])).rejects.toMatchObject({ code: '42501' });
    } finally {
      await api.end();
    }
  });
});

describe('what is kept for a session', () => {
  it('is sealed, for that session of that person, and read by nobody with another secret', async () => {
    const [one, two] = [await session(), await session()];
    await grants.keep(one, 'a Cognito token');
    await expect(grants.find(one)).resolves.toBe('a Cognito token');
    await expect(grants.find({ ...one, userId: other })).resolves.toBeUndefined();
    await expect(grantsWith(`${SECRET}.`).find(one)).resolves.toBeUndefined();
    const { rows } = await admin.query('select sealed from auth.session_grant where session_id = $1', [
      one.sessionId,
    ]);
    expect(rows[0].sealed.toString('latin1')).not.toContain('Cognito');
    // A row copied by somebody who can write to the database opens nothing.
    await admin.query(`insert into auth.session_grant values ($1, $2, $3, now())`, [
      two.tenantId,
      two.sessionId,
      rows[0].sealed,
    ]);
    await expect(grants.find(two)).resolves.toBeUndefined();
  });

  it('is shown to no other tenant', async () => {
    const [ours, theirs] = [await session(), await session(dona, tenants[1])];
    await grants.keep(ours, 'ours');
    await expect(grants.find({ ...ours, tenantId: theirs.tenantId })).resolves.toBeUndefined();
    await expect(grants.keep({ ...ours, tenantId: theirs.tenantId }, 'x')).rejects.toMatchObject({
      code: '23503',
    });
    await grants.forget({ ...ours, tenantId: theirs.tenantId });
    await expect(grants.find(ours)).resolves.toBe('ours');
  });

  it('is renewed by one at a time: a refresh token that rotates is used once', async () => {
    const mine = await session();
    await grants.keep(mine, '0');
    let underWay = 0;
    const renew = () =>
      grants.renew(mine, async (kept) => {
        expect(++underWay).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 5));
        underWay--;
        return String(Number(kept) + 1);
      });
    await Promise.all(Array.from({ length: 10 }, renew));
    await expect(grants.find(mine)).resolves.toBe('10');
    await expect(grants.renew(await session(), () => Promise.resolve('x'))).resolves.toBeUndefined();
  });

  it('stays as it was when renewing fails', async () => {
    const mine = await session();
    await grants.keep(mine, 'before');
    await expect(grants.renew(mine, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    await expect(grants.find(mine)).resolves.toBe('before');
  });

  it('goes with the session, and once the person signs in again after its end', async () => {
    const [ended, living, deleted] = [await session(), await session(), await session()];
    for (const each of [ended, living, deleted]) await grants.keep(each, 'kept');
    await admin.query('update auth.session set ended_at = now() where id = $1', [ended.sessionId]);
    await admin.query('delete from auth.session where id = $1', [deleted.sessionId]);
    await expect(grants.find(ended)).resolves.toBe('kept'); // signing out there comes after the end here
    await grants.keep(await session(), 'new');
    await expect(grants.find(ended)).resolves.toBeUndefined();
    await expect(grants.find(deleted)).resolves.toBeUndefined();
    await expect(grants.find(living)).resolves.toBe('kept');
  });
});
