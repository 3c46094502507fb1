import { ConfigError } from '@libs/config';
import { SqlSession } from '@libs/database';
import { TenantTransaction } from '@libs/kernel';
import { KeyVault } from './key-vault';
import { generateSigningKey, readSigningKey, SigningKey } from './signing-key';
import { SigningKeys } from './signing-keys';

interface KeyRow {
  kid: string;
  sealed_private_key: Buffer;
}

export interface SigningKeySettings {
  /** PEM; it takes precedence over what the database holds. */
  privateKey?: string;
  /** Opens and seals the keys in the database. */
  secret: string;
}

/**
 * The key of the environment, or those of the database; the first start of all makes one. Instances that start at once
 * queue up at an advisory lock and agree on the key of whoever came first.
 * @throws ConfigError when the key or its secret is not usable
 */
export async function loadSigningKeys(
  settings: SigningKeySettings,
  transaction: TenantTransaction,
  sql: SqlSession,
): Promise<SigningKeys> {
  if (settings.privateKey) return new SigningKeys([fromEnvironment(settings.privateKey)]);
  const vault = new KeyVault(settings.secret);
  return transaction.runFor([], async () => {
    await sql.query(`select pg_advisory_xact_lock(hashtext('auth.signing_key'))`);
    const rows = await sql.query<KeyRow>(
      'select kid, sealed_private_key from auth.signing_key where retired_at is null order by created_at desc',
    );
    const [newest, ...older] = rows.map((row) => opened(row, vault));
    return new SigningKeys([newest ?? (await make(vault, sql)), ...older]);
  });
}

async function make(vault: KeyVault, sql: SqlSession): Promise<SigningKey> {
  const key = await generateSigningKey();
  const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await sql.query(
    `insert into auth.signing_key (kid, public_jwk, sealed_private_key, created_at)
     values ($1, $2, $3, clock_timestamp())`,
    [key.kid, JSON.stringify(key.jwk), vault.seal(pem, key.kid)],
  );
  return key;
}

function opened({ kid, sealed_private_key: sealed }: KeyRow, vault: KeyVault): SigningKey {
  let pem: string;
  try {
    pem = vault.open(sealed, kid);
  } catch {
    throw new ConfigError([
      `AUTH_KEY_SECRET does not open the signing key ${kid} in the database: it was sealed with another secret`,
    ]);
  }
  return readSigningKey(pem);
}

/** Environment files often carry a PEM on one line, its line breaks written `\n`. */
function fromEnvironment(text: string): SigningKey {
  try {
    return readSigningKey(text.replaceAll('\\n', '\n'));
  } catch (error) {
    throw new ConfigError([`JWT_PRIVATE_KEY is not usable: ${(error as Error).message}`]);
  }
}
