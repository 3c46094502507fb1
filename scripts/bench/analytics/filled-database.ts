import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, roleUrl } from '@libs/database';
import { startEmbeddedPostgres } from '@libs/embedded';
import { TenantId } from '@libs/kernel';
import { ApiKeyPeppers, mintApiKey } from '@libs/security';
import { Client } from 'pg';
import { schemas } from '../../migrate';
import { buildDays, fill } from './fill';
import { Progress } from './progress';
import { Traffic } from './traffic';

/** Everybody may know them: the database has nobody's data. */
export const PSEUDONYM_SECRET = 'a secret that is known to everybody';

/** What is in a filled database, kept beside it. */
export interface FilledWith {
  seed: number;
  events: number;
  days: number;
  from: string;
  until: string;
  tenantId: TenantId;
  appId: string;
  apiKey: string;
  seconds: { events: number; days: number };
}

export interface FilledDatabase extends FilledWith {
  admin: Client;
  dataDir: string;
  as(role: string): string;
}

export interface FilledOptions {
  events: number;
  /** A folder to keep it in, and to take it from where it was kept before. */
  keep?: string;
  seed?: number;
  days?: number;
}

const TENANT = '019a2b3c-0000-7000-8000-0000000000b0' as TenantId;
const APP = '019a2b3c-0000-7000-8000-0000000000b1';
/** Days that changed less than five seconds ago are not made yet. */
const QUIET_MS = 6_000;

/** PostgreSQL with so many events of one application and all that reports are read from. */
export async function withFilledDatabase<T>(
  options: FilledOptions,
  work: (filled: FilledDatabase) => Promise<T>,
): Promise<T> {
  const { keep } = options;
  if (keep) mkdirSync(keep, { recursive: true });
  const dataDir = keep ? resolve(keep) : mkdtempSync(join(tmpdir(), 'moneyflow-bench-analytics-'));
  chmodSync(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir });
  const admin = new Client({ connectionString: postgres.adminUrl });
  try {
    await migrate(postgres.adminUrl, schemas, postgres.roleSecret);
    await admin.connect();
    const as = (role: string): string => roleUrl(postgres.adminUrl, role, postgres.roleSecret);
    const file = join(dataDir, 'filled.json');
    const found = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as FilledWith) : undefined;
    if (found && found.events !== options.events)
      throw new Error(
        `${dataDir} has ${found.events} events; take another folder, or --events=${found.events}`,
      );
    // what later migrations make of days, and what an earlier run left behind
    if (found) await buildDays(as('analytics_worker'));
    const filled = found ?? (await filledWith(options, { admin, adminUrl: postgres.adminUrl, dataDir, as }));
    writeFileSync(file, `${JSON.stringify(filled, null, 2)}\n`);
    return await work({ ...filled, admin, dataDir, as });
  } finally {
    await admin.end();
    await postgres.stop();
    if (!keep) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function filledWith(
  { events, seed = 1, days = 91 }: FilledOptions,
  { admin, adminUrl, dataDir, as }: Pick<FilledDatabase, 'admin' | 'dataDir' | 'as'> & { adminUrl: string },
): Promise<FilledWith> {
  const until = new Date();
  const traffic = new Traffic({ tenantId: TENANT, appId: APP, events, days, until, seed });
  const apiKey = await registerTenant(admin);
  const workerUrl = as('analytics_worker');
  const seconds = { events: 0, days: 0 };
  const progress = new Progress('events stored', events);
  seconds.events = await timed(() =>
    fill(
      traffic.parts.map((part) => ({ events: traffic.events(part), count: part.events })),
      { adminUrl, workerUrl, dir: dataDir, pseudonymSecret: PSEUDONYM_SECRET, progress },
    ),
  );
  await sleep(QUIET_MS);
  progress.say('days are made of their quarters …');
  seconds.days = await timed(() => buildDays(workerUrl));
  await admin.query('vacuum (analyze)');
  return {
    seed,
    events,
    days,
    from: traffic.from.toISOString(),
    until: until.toISOString(),
    tenantId: TENANT,
    appId: APP,
    apiKey,
    seconds,
  };
}

/** @returns an API key that reads its reports */
async function registerTenant(admin: Client): Promise<string> {
  await admin.query(
    `insert into analytics.tenant_directory (tenant_id, subdomain, status, origins, domains, default_app_id, revision)
     values ($1, 'bancada', 'active', '{}', '{}', $2, 1)`,
    [TENANT, APP],
  );
  const { text } = mintApiKey();
  const hmac = new ApiKeyPeppers([{ version: 1, secret: PSEUDONYM_SECRET }]).hmac(text);
  await admin.query(
    `insert into analytics.api_key_directory (tenant_id, key_id, hmac, app_id, scopes, requests_per_minute, revision)
     values ($1, gen_random_uuid(), decode($2, 'hex'), $3, '{analytics:read}', null, 1)`,
    [TENANT, hmac, APP],
  );
  return text;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}
