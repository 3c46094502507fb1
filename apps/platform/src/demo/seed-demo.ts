import { demoCompany } from './demo-company';
import { DemoRelease, demoMonth, demoMonths } from './demo-releases';

const MONTHS = 4;
const WITHIN_MS = 30_000;
/** As many releases as one batch may carry. */
const BATCH = 1_000;

export interface SeedReport {
  /** False when the demo company was there before. */
  registered: boolean;
  /** Releases that were sent and accepted; those that were there before are accepted again and change nothing. */
  accepted: number;
}

/**
 * Registers the demo company and posts its last months, through the public API like any client. Running it again
 * posts only what has happened since.
 * @throws Error when the API refuses, or is not there
 */
export async function seedDemo(baseUrl: string, now: Date): Promise<SeedReport> {
  const registered = await register(baseUrl);
  const token = await signIn(baseUrl);
  let accepted = 0;
  for (const month of demoMonths(now, MONTHS)) {
    const releases = demoMonth(month).filter((release) => new Date(release.occurredAt) <= now);
    if (await post(baseUrl, token, month, releases.slice(0, BATCH))) accepted += releases.length;
  }
  return { registered, accepted };
}

async function register(baseUrl: string): Promise<boolean> {
  const response = await send(baseUrl, '/api/v1/auth/register', demoCompany);
  if (response.status === 409) return false;
  await expectStatus(response, 201);
  return true;
}

async function signIn(baseUrl: string): Promise<string> {
  const { email, password } = demoCompany;
  const response = await send(baseUrl, '/api/v1/auth/login', { email, password });
  await expectStatus(response, 200);
  return ((await response.json()) as { tokens: { accessToken: string } }).tokens.accessToken;
}

async function post(
  baseUrl: string,
  token: string,
  month: string,
  releases: DemoRelease[],
): Promise<boolean> {
  if (releases.length === 0) return false;
  const response = await send(
    baseUrl,
    '/api/v1/releases/batch',
    { releases },
    // The month alone: a longer list tomorrow gives each release of today the id that it has.
    { authorization: `Bearer ${token}`, 'idempotency-key': `demo-${month}` },
  );
  // The store remembers a shorter list for a day; what came since is posted by the next run after that.
  if (response.status === 422 && (await codeOf(response)) === 'idempotency_key_reused') return false;
  await expectStatus(response, 202);
  return true;
}

function send(
  baseUrl: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(new URL(path, baseUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(WITHIN_MS),
  });
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code;
}

async function expectStatus(response: Response, status: number): Promise<void> {
  if (response.status === status) return;
  throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
}
