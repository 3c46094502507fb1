import { demoCompany } from './demo-company';
import { DemoRelease, demoMonth, demoMonths } from './demo-releases';
import { DemoSession, expectStatus, post } from './demo-session';
import { seedAlert } from './seed-alert';
import { seedEvents } from './seed-events';

const MONTHS = 4;
/** Of the key that only the seeding uses. */
const KEY_MINUTES = 10;
/** As many releases as one batch may carry. */
const BATCH = 1_000;

export interface SeedReport {
  /** False when the demo company was there before. */
  registered: boolean;
  /** Releases that were sent and accepted; those that were there before are accepted again and change nothing. */
  accepted: number;
  /** Events that were sent; those that were there before are counted once. */
  events: number;
}

/**
 * Registers the demo company, posts its last months and sends what its customers did, through the public API like any
 * client. Running it again posts only what has happened since.
 * @throws Error when the API refuses, or is not there
 */
export async function seedDemo(baseUrl: string, now: Date): Promise<SeedReport> {
  const registered = await register(baseUrl);
  const session = await DemoSession.open(baseUrl);
  let accepted = 0;
  for (const month of demoMonths(now, MONTHS)) {
    const releases = demoMonth(month).filter((release) => new Date(release.occurredAt) <= now);
    if (await postMonth(session, month, releases.slice(0, BATCH))) accepted += releases.length;
  }
  const expiresAt = new Date(now.getTime() + KEY_MINUTES * 60_000);
  const { key } = await session.makeWriteKey('Carga de demonstração', expiresAt);
  const events = await seedEvents(baseUrl, key, now);
  await seedAlert(session);
  return { registered, accepted, events };
}

async function register(baseUrl: string): Promise<boolean> {
  const response = await post(baseUrl, '/api/v1/auth/register', demoCompany);
  if (response.status === 409) return false;
  await expectStatus(response, 201);
  return true;
}

async function postMonth(session: DemoSession, month: string, releases: DemoRelease[]): Promise<boolean> {
  if (releases.length === 0) return false;
  // The month alone: a longer list tomorrow gives each release of today the id that it has.
  const headers = { 'idempotency-key': `demo-${month}` };
  const response = await session.post('/api/v1/releases/batch', { releases }, headers);
  // The store remembers a shorter list for a day; what came since is posted by the next run after that.
  if (response.status === 422 && (await codeOf(response)) === 'idempotency_key_reused') return false;
  await expectStatus(response, 202);
  return true;
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code;
}
