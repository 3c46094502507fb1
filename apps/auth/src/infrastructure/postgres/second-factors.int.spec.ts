import { Client } from 'pg';
import { NestFactory } from '@nestjs/core';
import { DatabaseModule, SqlSession } from '@libs/database';
import { newId, TenantTransaction, UserId } from '@libs/kernel';
import { TestDatabase, testDatabase } from '@libs/testing';
import { authSchema } from '../../auth.schema';
import { PostgresSecondFactorRepository } from './postgres-second-factor.repository';

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const KEY = 'a secret of thirty-two characters or more';
const now = new Date('2026-11-22T12:00:00.000Z');
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const hashes = Array.from({ length: 3 }, (_, i) => Buffer.alloc(32, i + 1));

let database: TestDatabase;
let admin: Client;
let close: () => Promise<void>;
let factors: PostgresSecondFactorRepository;
let withSecret: (secret: string) => PostgresSecondFactorRepository;

beforeAll(async () => {
  database = await testDatabase([authSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  const options = { name: 'factors', schema: 'auth', url: database.urlFor('auth_api'), poolMax: 20 };
  const context = await NestFactory.createApplicationContext(DatabaseModule.forRoot(options), {
    logger: false,
  });
  close = () => context.close();
  withSecret = (secret) =>
    new PostgresSecondFactorRepository(secret, context.get(TenantTransaction), context.get(SqlSession));
  factors = withSecret(KEY);
});
afterAll(async () => {
  await close?.();
  await admin?.end();
  await database?.drop();
});

async function person(): Promise<UserId> {
  const id = newId<UserId>();
  await admin.query(`insert into auth.user values ($1, $2, 'n', 'h', now())`, [id, `${id}@x.example`]);
  return id;
}
async function enrolled(secret = SECRET): Promise<UserId> {
  const userId = await person();
  await factors.begin(userId, secret, now);
  await factors.confirm({ userId, secret, step: 100, codeHashes: hashes, now });
  return userId;
}
const atOnce = (count: number, work: () => Promise<boolean>) =>
  Promise.all(Array.from({ length: count }, work)).then((won) => won.filter(Boolean).length);

describe('second factors in PostgreSQL', () => {
  it('are asked for only once they are confirmed, and the code that confirmed is spent', async () => {
    const userId = await person();
    await factors.begin(userId, SECRET, now);
    expect(await factors.find(userId)).toBeUndefined();
    expect(await factors.pending(userId, at(-1))).toBe(SECRET);
    expect(await factors.pending(userId, at(1))).toBeUndefined();
    await factors.confirm({ userId, secret: SECRET, step: 100, codeHashes: hashes, now });
    expect(await factors.find(userId)).toEqual({ secret: SECRET, lastStep: 100 });
    expect(await factors.pending(userId, at(-1))).toBeUndefined();
  });

  it('are enrolled at a sign-in by one of many, and never in place of one there is', async () => {
    const userId = await person();
    await factors.begin(userId, 'ANOTHERSECRETANOTHERSECRETANOTHE', now);
    const enrolment = { userId, secret: SECRET, step: 7, codeHashes: hashes, now };
    expect(await atOnce(20, () => factors.enrolFirst(enrolment))).toBe(1);
    expect(await factors.find(userId)).toEqual({ secret: SECRET, lastStep: 7 });
    expect(await factors.pending(userId, at(-1))).toBeUndefined();
    expect(await factors.spendRecoveryCode(userId, hashes[0] as Buffer, now)).toBe(true);
    const thief = { ...enrolment, secret: 'ANOTHERSECRETANOTHERSECRETANOTHE', codeHashes: [] };
    expect(await factors.enrolFirst(thief)).toBe(false);
    expect(await factors.find(userId)).toMatchObject({ secret: SECRET });
    expect(await factors.spendRecoveryCode(userId, hashes[1] as Buffer, now)).toBe(true);
  });

  it('confirm the secret that was shown, not one begun after it', async () => {
    const userId = await person();
    await factors.begin(userId, SECRET, now);
    await factors.begin(userId, 'ANOTHERSECRETANOTHERSECRETANOTHE', now);
    const stale = { userId, secret: SECRET, step: 1, codeHashes: [], now };
    expect(await factors.confirm(stale)).toBe(false);
    expect(await factors.find(userId)).toBeUndefined();
  });

  it('are confirmed once, with one set of recovery codes, by however many at once', async () => {
    const userId = await person();
    await factors.begin(userId, SECRET, now);
    let nth = 0;
    const won = await atOnce(10, () => {
      const codeHashes = [Buffer.alloc(32, 100 + nth++)];
      return factors.confirm({ userId, secret: SECRET, step: 1, codeHashes, now });
    });
    expect(won).toBe(1);
    const { rowCount } = await admin.query('select 1 from auth.recovery_code where user_id = $1', [userId]);
    expect(rowCount).toBe(1);
  });

  it('spend a step once, and none before it, of however many at once', async () => {
    const userId = await enrolled();
    expect(await atOnce(50, () => factors.spendStep(userId, 101))).toBe(1);
    expect(await factors.spendStep(userId, 100)).toBe(false);
    expect(await factors.spendStep(userId, 102)).toBe(true);
  });

  it('spend a recovery code once, of however many at once, and only their own', async () => {
    const [userId, other] = [await enrolled(), await person()];
    const [hash = Buffer.alloc(0)] = hashes;
    expect(await factors.spendRecoveryCode(other, hash, now)).toBe(false);
    expect(await atOnce(50, () => factors.spendRecoveryCode(userId, hash, now))).toBe(1);
  });

  it('replace all recovery codes, spent and unspent, and only where there is an authenticator', async () => {
    const userId = await enrolled();
    const fresh = Buffer.alloc(32, 9);
    expect(await factors.replaceRecoveryCodes(userId, [fresh], now)).toBe(true);
    for (const hash of hashes) expect(await factors.spendRecoveryCode(userId, hash, now)).toBe(false);
    expect(await factors.spendRecoveryCode(userId, fresh, now)).toBe(true);
    expect(await factors.replaceRecoveryCodes(await person(), [fresh], now)).toBe(false);
  });

  it('leave nothing when they are removed', async () => {
    const userId = await enrolled();
    expect(await factors.remove(userId, now)).toBe(true);
    expect(await factors.remove(userId, now)).toBe(false);
    expect(await factors.find(userId)).toBeUndefined();
    expect(await factors.spendRecoveryCode(userId, hashes[0]!, now)).toBe(false);
  });

  it('note at their person each time that they changed, later than before whatever the clock says', async () => {
    const userId = await person();
    const changedAt = async (): Promise<Date | null> => {
      const sql = 'select credentials_changed_at as at from auth.user where id = $1';
      return (await admin.query<{ at: Date | null }>(sql, [userId])).rows[0]?.at ?? null;
    };
    const later = (ms: number) => new Date(at(1).getTime() + ms);
    await factors.begin(userId, SECRET, at(1));
    expect(await changedAt()).toBeNull();
    await factors.confirm({ userId, secret: SECRET, step: 1, codeHashes: hashes, now: at(1) });
    expect(await changedAt()).toEqual(at(1));
    await factors.spendStep(userId, 2);
    await factors.spendRecoveryCode(userId, hashes[0] as Buffer, at(2));
    expect(await changedAt()).toEqual(at(1));
    await factors.replaceRecoveryCodes(userId, [], at(1));
    expect(await changedAt()).toEqual(later(1));
    await factors.remove(userId, now);
    expect(await changedAt()).toEqual(later(2));
    const enrolment = { userId, secret: SECRET, step: 3, codeHashes: [], now: at(3) };
    expect(await factors.enrolFirst({ ...enrolment, credentialsAsOf: later(1) })).toBe(false);
    expect(await factors.enrolFirst({ ...enrolment, credentialsAsOf: later(2) })).toBe(true);
    expect(await changedAt()).toEqual(at(3));
  });

  it('are not enrolled by who was proven before a change, nor in the middle of one', async () => {
    const userId = await person();
    await factors.begin(userId, SECRET, now);
    const enrolment = { userId, secret: SECRET, step: 1, codeHashes: hashes, now };
    await admin.query('begin');
    await admin.query('update auth.user set credentials_changed_at = $2 where id = $1', [userId, at(1)]);
    await admin.query('delete from auth.totp where user_id = $1 and sealed_secret is not null', [userId]);
    const meanwhile = [factors.confirm(enrolment), factors.enrolFirst(enrolment)];
    await new Promise((resolve) => setTimeout(resolve, 100));
    await admin.query('commit');
    expect(await Promise.all(meanwhile)).toEqual([false, false]);
    expect(await factors.confirm({ ...enrolment, credentialsAsOf: now })).toBe(false);
    expect(await factors.find(userId)).toBeUndefined();
    expect(await factors.confirm({ ...enrolment, credentialsAsOf: at(1) })).toBe(true);
  });

  it("open only with the secret they were sealed with, and only in their person's row", async () => {
    const [userId, other] = [await enrolled(), await enrolled('ANOTHERSECRETANOTHERSECRETANOTHE')];
    const { rows } = await admin.query<{ sealed_secret: Buffer }>(
      'select sealed_secret from auth.totp where user_id = $1',
      [userId],
    );
    expect(rows[0]?.sealed_secret.toString('latin1')).not.toContain(SECRET);
    await expect(withSecret('another secret of thirty-two characters').find(userId)).rejects.toThrow();
    await admin.query('update auth.totp set sealed_secret = $1 where user_id = $2', [
      rows[0]?.sealed_secret,
      other,
    ]);
    await expect(factors.find(other)).rejects.toThrow();
  });
});
