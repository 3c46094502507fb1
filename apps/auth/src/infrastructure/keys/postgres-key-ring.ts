import { ConfigError } from '@libs/config';
import { SqlSession } from '@libs/database';
import { Clock, TenantTransaction } from '@libs/kernel';
import { KeyVault } from './key-vault';
import { generateSigningKey, readSigningKey } from './signing-key';
import { PUBLISHED_AFTER_MS, TimedKey } from './signing-keys';

interface KeyRow {
  kid: string;
  sealed_private_key: Buffer;
  activates_at: Date;
}

/** The signing keys in the database, each sealed with AUTH_KEY_SECRET. */
export class PostgresKeyRing {
  private readonly opened = new Map<string, TimedKey>();

  constructor(
    private readonly transaction: TenantTransaction,
    private readonly sql: SqlSession,
    private readonly vault: KeyVault,
    private readonly clock: Clock,
  ) {}

  /** Those that are not retired, last to sign first. @throws ConfigError when the secret does not open one */
  async read(): Promise<TimedKey[]> {
    const rows = await this.sql.query<KeyRow>(
      `select kid, sealed_private_key, activates_at from auth.signing_key
       where retired_at is null order by activates_at desc`,
    );
    return rows.map((row) => this.open(row));
  }

  /**
   * Those there are; the first start of all makes one. Instances that start at once queue up at an advisory lock and
   * agree on the key of whoever came first.
   */
  readOrMake(): Promise<TimedKey[]> {
    return this.alone(async () => {
      const keys = await this.read();
      return keys.length > 0 ? keys : [await this.make(this.clock.now())];
    });
  }

  /**
   * Adds a key that signs from `activatesAt` on, and forgets the private halves of those that are published no more.
   * @returns the new key, or the one that is waiting for its time already, which is then the next
   */
  add(activatesAt: Date): Promise<{ key: TimedKey; waiting: boolean }> {
    return this.alone(async () => {
      const keys = await this.read();
      const now = this.clock.now();
      const waiting = keys.find((key) => key.activatesAt > now);
      if (waiting) return { key: waiting, waiting: true };
      const key = await this.make(activatesAt);
      const gone = now.getTime() - PUBLISHED_AFTER_MS;
      const spent = keys.filter((_key, at) => at > 0 && Number(keys[at - 1]?.activatesAt) < gone);
      await this.forget(spent);
      return { key, waiting: false };
    });
  }

  /** A key that signs at once, and no other is believed any more: for when one was stolen. */
  replaceAll(): Promise<TimedKey> {
    return this.alone(async () => {
      // Opened first: whoever has another secret must not put all others out of work.
      await this.forget(await this.read());
      return this.make(this.clock.now());
    });
  }

  private async forget(keys: readonly TimedKey[]): Promise<void> {
    if (keys.length === 0) return;
    await this.sql.query('delete from auth.signing_key where kid = any($1)', [keys.map(({ kid }) => kid)]);
  }

  private async make(activatesAt: Date): Promise<TimedKey> {
    const key = await generateSigningKey();
    const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await this.sql.query(
      `insert into auth.signing_key (kid, public_jwk, sealed_private_key, created_at, activates_at)
       values ($1, $2, $3, $4, $5)`,
      [key.kid, JSON.stringify(key.jwk), this.vault.seal(pem, key.kid), this.clock.now(), activatesAt],
    );
    return { ...key, activatesAt };
  }

  private open({ kid, sealed_private_key: sealed, activates_at: activatesAt }: KeyRow): TimedKey {
    const known = this.opened.get(kid);
    if (known?.activatesAt.getTime() === activatesAt.getTime()) return known;
    let pem: string;
    try {
      pem = this.vault.open(sealed, kid);
    } catch {
      throw new ConfigError([
        `AUTH_KEY_SECRET does not open the signing key ${kid} in the database: it was sealed with another secret`,
      ]);
    }
    const key = { ...readSigningKey(pem), activatesAt };
    this.opened.set(kid, key);
    return key;
  }

  /** Keys belong to no tenant. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    return this.transaction.runFor([], async () => {
      await this.sql.query(`select pg_advisory_xact_lock(hashtext('auth.signing_key'))`);
      return work();
    });
  }
}
