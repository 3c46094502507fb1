import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { bootOrExit, ConfigError } from '@libs/config';
import { DatabaseModule, SqlSession } from '@libs/database';
import { SystemClock, TenantTransaction } from '@libs/kernel';
import { NestLogger } from '@libs/logging';
import { KeyVault } from './infrastructure/keys/key-vault';
import { PostgresKeyRing } from './infrastructure/keys/postgres-key-ring';
import { RELOAD_SECONDS } from './infrastructure/keys/reload-signing-keys';
import { PUBLISHED_AFTER_MS } from './infrastructure/keys/signing-keys';
import { RotateKeyConfig, rotateKeyConfig } from './operator.config';

const USAGE = `npm run auth:rotate-key [-- --activate-in=<seconds>] [-- --emergency]
Makes a new signing key. Every service learns of it first; it signs ${'`'}--activate-in${'`'} seconds from now.
--emergency: it signs at once and the present ones are believed no more: everybody must refresh or sign in again.`;

/** What a proxy before auth may keep of the JWKS (its max-age), and as much again for clocks and slow networks. */
const SLACK_SECONDS = 120;
/** Instances reload, requests take their time. */
const LEAST_SLACK_SECONDS = RELOAD_SECONDS + 5;

export interface RotateKeyOptions {
  activateInSeconds?: number;
  emergency?: boolean;
  print: (line: string) => void;
}

/**
 * @returns the kid of the new key
 * @throws ConfigError when the environment gives the keys, or verifiers would not know the key before it signs
 */
export async function rotateKey(config: RotateKeyConfig, options: RotateKeyOptions): Promise<string> {
  const { print, emergency = false } = options;
  if (config.signing.privateKey)
    throw new ConfigError([
      'JWT_PRIVATE_KEY gives the key: put a new one behind it everywhere, then before it, then leave the old one out',
    ]);
  const least = config.jwksRefreshSeconds + LEAST_SLACK_SECONDS;
  const lead = options.activateInSeconds ?? config.jwksRefreshSeconds + SLACK_SECONDS;
  if (!emergency && lead < least)
    throw new ConfigError([
      `--activate-in must be ${least} or more: services look for new keys every ${config.jwksRefreshSeconds} s`,
    ]);
  const settings = { name: 'auth-rotate-key', schema: 'auth', poolMax: 1, ...config.database };
  const app = await NestFactory.createApplicationContext(DatabaseModule.forRoot(settings), {
    logger: new NestLogger(),
    abortOnError: false,
  });
  try {
    const clock = new SystemClock();
    const ring = new PostgresKeyRing(
      app.get(TenantTransaction),
      app.get(SqlSession),
      new KeyVault(config.signing.secret),
      clock,
    );
    if (emergency) {
      const { kid } = await ring.replaceAll();
      print(`${kid} signs from now on; services refuse every other key within ${least} s`);
      return kid;
    }
    const { key, waiting } = await ring.add(new Date(clock.now().getTime() + lead * 1000));
    const gone = new Date(key.activatesAt.getTime() + PUBLISHED_AFTER_MS);
    print(
      waiting
        ? `${key.kid} is waiting already; it signs from ${key.activatesAt.toISOString()} on`
        : `${key.kid} is published; it signs from ${key.activatesAt.toISOString()} on, and the key before it goes at ${gone.toISOString()}`,
    );
    return key.kid;
  } finally {
    await app.close();
  }
}

if (require.main === module) {
  void bootOrExit('auth:rotate-key', async () => {
    const { values } = parseArgs({
      options: { 'activate-in': { type: 'string' }, emergency: { type: 'boolean' } },
    });
    const seconds = values['activate-in'];
    if (seconds !== undefined && !/^\d{1,6}$/.test(seconds)) throw new ConfigError([USAGE]);
    await rotateKey(rotateKeyConfig.parse(process.env), {
      activateInSeconds: seconds === undefined ? undefined : Number(seconds),
      emergency: values.emergency,
      print: (line) => process.stdout.write(`${line}\n`),
    });
  });
}
