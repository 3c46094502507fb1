import { createHmac, createSign, createVerify, generateKeyPairSync, KeyObject } from 'node:crypto';
import { Clock, newId, SystemClock, TenantId } from '@libs/kernel';
import {
  AccessTokenStrategy,
  AccessTokenVerifier,
  ApiKeyDirectory,
  ApiKeyPeppers,
  ApiKeyRecord,
  ApiKeyVerifier,
  JwksCache,
  JwksSource,
  mintApiKey,
} from '@libs/security';
import { Report } from './report';

/** So many different credentials in turn: more than fit into a processor's caches, as many as sign in within minutes. */
const CREDENTIALS = 1_000;
const TURNS = 3;
const TURN_MS = 1_000;
const TOKENS_AIM = 10_000;
const KEYS_AIM = 20_000;
const SECRET = 'the pepper of the benchmark, 32 characters';

type Check = (at: number) => unknown;

/** What the guard pays for a credential, on one core, beside the bare cryptography of the same thing. */
export async function measureVerification(report: Report): Promise<void> {
  await measureTokens(report);
  await measureKeys(report);
}

async function measureTokens(report: Report): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const tokens = times(() => signedToken(privateKey));
  const clock = new SystemClock();
  const settings = { issuer: 'moneyflow-api', audience: 'moneyflow-client' };
  const verifier = new AccessTokenVerifier(new JwksCache(new OneKey(publicKey), clock), settings, clock);
  const strategy = new AccessTokenStrategy(verifier);
  const requests = tokens.map((token) => ({ headers: { authorization: `Bearer ${token}` } }));
  const bare: Check = (at) => {
    const token = pick(tokens, at);
    const end = token.lastIndexOf('.');
    const verify = createVerify('RSA-SHA256').update(token.slice(0, end));
    if (!verify.verify(publicKey, token.slice(end + 1), 'base64url')) throw new Error('not our signature');
  };
  const whole: Check = (at) => strategy.principalOf(pick(requests, at), {});
  const again: Check = (at) => {
    if (!verifier.recall(pick(tokens, at))) throw new Error('the token is not remembered');
  };
  await add(report, 'verify an access token never seen, beside bare RS256', whole, bare, TOKENS_AIM);
  await add(report, 'verify an access token seen before, beside bare RS256', again, bare, TOKENS_AIM);
}

async function measureKeys(report: Report): Promise<void> {
  const peppers = new ApiKeyPeppers([{ version: 1, secret: SECRET }]);
  const keys = times(() => mintApiKey().text);
  const directory = new MemoryDirectory(keys.map((key) => peppers.hmac(key)));
  const bare: Check = (at) => createHmac('sha256', SECRET).update(pick(keys, at)).digest('hex');
  const verifier = new ApiKeyVerifier(directory, peppers, new SystemClock());
  const again: Check = (at) => verifier.verify(pick(keys, at));
  // Whatever was learnt is a second old by the next look, so that the directory is asked each time.
  const hasty = new HastyClock();
  const asking = new ApiKeyVerifier(directory, peppers, hasty);
  const first: Check = (at) => {
    hasty.at += 1_000;
    return asking.verify(pick(keys, at));
  };
  await add(report, 'verify an API key seen within a second, beside a bare HMAC', again, bare, KEYS_AIM);
  await add(
    report,
    'verify an API key by its directory in memory, beside a bare HMAC',
    first,
    bare,
    KEYS_AIM,
  );
}

/** In turn, and the median of the pairs: the machine's own speed drifts more than what is measured here. */
async function add(report: Report, what: string, ours: Check, bare: Check, aim: number): Promise<void> {
  await perSecond(ours);
  await perSecond(bare);
  const pairs: { rate: number; baseline: number; ratio: number }[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const rate = await perSecond(ours);
    const baseline = await perSecond(bare);
    pairs.push({ rate, baseline, ratio: rate / baseline });
  }
  const median = pairs.sort((one, other) => one.ratio - other.ratio)[Math.floor(TURNS / 2)];
  if (!median) throw new Error('no pair was measured');
  report.add({
    what,
    figure: `${median.rate.toFixed(0)}/s`,
    baseline: `${median.baseline.toFixed(0)}/s`,
    ratio: median.ratio,
    aim: `≥ ${aim}/s on one core`,
    met: median.rate >= aim,
  });
}

/** By processor time, all threads of the process together: a second of it is what one core does in a second. */
async function perSecond(check: Check): Promise<number> {
  const until = performance.now() + TURN_MS;
  const before = process.cpuUsage();
  let done = 0;
  for (; performance.now() < until; done += 1) {
    const outcome = check(done);
    if (outcome instanceof Promise) await outcome;
  }
  const { user, system } = process.cpuUsage(before);
  return (done / (user + system)) * 1_000_000;
}

function times<T>(make: () => T): T[] {
  return Array.from({ length: CREDENTIALS }, make);
}

function pick<T>(items: readonly T[], at: number): T {
  return items[at % items.length] as T;
}

function signedToken(key: KeyObject): string {
  const iat = Math.floor(Date.now() / 1000);
  const sub = newId();
  const claims = {
    iss: 'moneyflow-api',
    aud: 'moneyflow-client',
    sub,
    userId: sub,
    email: 'dona@estrela.example',
    tenant_id: newId(),
    role: 'owner',
    scope: 'releases:read releases:write pix:read pix:write analytics:read tenant:read',
    type: 'access',
    jti: newId(),
    sid: newId(),
    auth_time: iat,
    amr: ['pwd'],
    iat,
    exp: iat + 900,
  };
  const input = [{ alg: 'RS256', typ: 'at+jwt', kid: 'bench' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${input}.${createSign('RSA-SHA256').update(input).sign(key, 'base64url')}`;
}

class OneKey extends JwksSource {
  constructor(private readonly key: KeyObject) {
    super();
  }
  async load() {
    return [{ ...this.key.export({ format: 'jwk' }), kid: 'bench', use: 'sig', alg: 'RS256' }];
  }
}

class MemoryDirectory extends ApiKeyDirectory {
  private readonly records: ReadonlyMap<string, ApiKeyRecord>;
  constructor(hmacs: readonly string[]) {
    super();
    const scopes = ['events:write', 'releases:read'];
    const record = (hmac: string): ApiKeyRecord => ({
      keyId: newId(),
      tenantId: newId<TenantId>(),
      appId: newId(),
      scopes,
      hmac,
    });
    this.records = new Map(hmacs.map((hmac) => [hmac, record(hmac)]));
  }
  async find(hmacs: readonly string[]): Promise<ApiKeyRecord | undefined> {
    return this.records.get(hmacs[0] ?? '');
  }
}

class HastyClock extends Clock {
  at = Date.now();
  now(): Date {
    return new Date(this.at);
  }
}
