import { SqlSession } from '@libs/database';
import { TenantTransaction, UserId } from '@libs/kernel';
import { Authenticator, Enrolment, SecondFactorRepository } from '../../domain/second-factor.repository';
import { KeyVault } from '../keys/key-vault';
import { credentialsChanged } from './postgres-user.repository';

interface TotpRow {
  sealed_secret: Buffer;
  // bigint arrives as text
  last_step: string;
}

/** Secrets are sealed for their person: a row copied to another person opens nothing. */
export class PostgresSecondFactorRepository extends SecondFactorRepository {
  private readonly vault: KeyVault;

  constructor(
    secret: string,
    private readonly transaction: TenantTransaction,
    private readonly sql: SqlSession,
  ) {
    super();
    this.vault = new KeyVault(secret, 'moneyflow authenticator secret');
  }

  async find(userId: UserId): Promise<Authenticator | undefined> {
    const [row] = await this.sql.query<TotpRow>(
      'select sealed_secret, last_step from auth.totp where user_id = $1 and sealed_secret is not null',
      [userId],
    );
    return row && { secret: this.vault.open(row.sealed_secret, userId), lastStep: Number(row.last_step) };
  }

  async begin(userId: UserId, secret: string, now: Date): Promise<void> {
    await this.sql.query(
      `insert into auth.totp (user_id, pending_secret, pending_since) values ($1, $2, $3)
       on conflict (user_id) do update
       set pending_secret = excluded.pending_secret, pending_since = excluded.pending_since`,
      [userId, this.vault.seal(secret, userId), now],
    );
  }

  async pending(userId: UserId, since: Date): Promise<string | undefined> {
    const sealed = await this.pendingSecret(userId, since);
    return sealed && this.vault.open(sealed, userId);
  }

  confirm({ userId, secret, step, codeHashes, credentialsAsOf, now }: Enrolment): Promise<boolean> {
    return this.transaction.runFor([], async () => {
      if (!(await this.isUnchangedSince(userId, credentialsAsOf))) return false;
      // Locks the row: of two confirmations at once the second finds nothing pending.
      const sealed = await this.pendingSecret(userId, new Date(0), 'for update');
      if (!sealed || this.vault.open(sealed, userId) !== secret) return false;
      await this.sql.query(
        `update auth.totp set sealed_secret = pending_secret, enrolled_at = $2, last_step = $3,
           pending_secret = null, pending_since = null where user_id = $1`,
        [userId, now, step],
      );
      await this.renew(userId, codeHashes, now);
      return true;
    });
  }

  enrolFirst({ userId, secret, step, codeHashes, credentialsAsOf, now }: Enrolment): Promise<boolean> {
    return this.transaction.runFor([], async () => {
      if (!(await this.isUnchangedSince(userId, credentialsAsOf))) return false;
      const rows = await this.sql.query(
        `insert into auth.totp as t (user_id, sealed_secret, enrolled_at, last_step) values ($1, $2, $3, $4)
         on conflict (user_id) do update
         set sealed_secret = excluded.sealed_secret, enrolled_at = excluded.enrolled_at,
           last_step = excluded.last_step, pending_secret = null, pending_since = null
         where t.sealed_secret is null returning user_id`,
        [userId, this.vault.seal(secret, userId), now, step],
      );
      if (rows.length === 0) return false;
      await this.renew(userId, codeHashes, now);
      return true;
    });
  }

  async spendStep(userId: UserId, step: number): Promise<boolean> {
    const rows = await this.sql.query(
      `update auth.totp set last_step = $2
       where user_id = $1 and sealed_secret is not null and last_step < $2 returning user_id`,
      [userId, step],
    );
    return rows.length > 0;
  }

  async spendRecoveryCode(userId: UserId, hash: Buffer, now: Date): Promise<boolean> {
    const rows = await this.sql.query(
      `update auth.recovery_code set used_at = $3
       where user_id = $1 and hash = $2 and used_at is null returning user_id`,
      [userId, hash, now],
    );
    return rows.length > 0;
  }

  replaceRecoveryCodes(userId: UserId, codeHashes: readonly Buffer[], now: Date): Promise<boolean> {
    return this.transaction.runFor([], async () => {
      const rows = await this.sql.query(
        'select user_id from auth.totp where user_id = $1 and sealed_secret is not null for update',
        [userId],
      );
      if (rows.length === 0) return false;
      await this.renew(userId, codeHashes, now);
      return true;
    });
  }

  remove(userId: UserId, now: Date): Promise<boolean> {
    return this.transaction.runFor([], async () => {
      const rows = await this.sql.query<{ enrolled: boolean }>(
        'delete from auth.totp where user_id = $1 returning sealed_secret is not null as enrolled',
        [userId],
      );
      await this.renew(userId, [], now);
      return rows[0]?.enrolled ?? false;
    });
  }

  private async pendingSecret(userId: UserId, since: Date, lock = ''): Promise<Buffer | undefined> {
    const [row] = await this.sql.query<{ pending_secret: Buffer }>(
      `select pending_secret from auth.totp where user_id = $1 and pending_since >= $2 ${lock}`,
      [userId, since],
    );
    return row?.pending_secret;
  }

  /** The first step of an enrolment: the user stays locked, as for whatever else changes credentials. */
  private async isUnchangedSince(userId: UserId, credentialsAsOf: Date | undefined): Promise<boolean> {
    const rows = await this.sql.query(
      `select 1 from auth.user
       where id = $1 and (credentials_changed_at is null or credentials_changed_at <= $2) for no key update`,
      [userId, credentialsAsOf],
    );
    return rows.length > 0;
  }

  /** The last step of every change. */
  private async renew(userId: UserId, codeHashes: readonly Buffer[], now: Date): Promise<void> {
    await this.sql.query('delete from auth.recovery_code where user_id = $1', [userId]);
    await this.sql.query(
      'insert into auth.recovery_code (user_id, hash) select $1, * from unnest($2::bytea[])',
      [userId, codeHashes],
    );
    await this.sql.query(`update auth.user set ${credentialsChanged('$2')} where id = $1`, [userId, now]);
  }
}
