import { timingSafeEqual } from 'node:crypto';
import { Clock, UserId } from '@libs/kernel';
import { logger } from '@libs/logging';
import { LruMap } from '../lru-map';
import { ApiKeyHolder } from '../principal';
import { KEY_SCOPES } from '../scopes';
import { ApiKeyDirectory, ApiKeyRecord } from './api-key-directory';
import { ApiKeyPeppers } from './api-key-peppers';
import { isWellFormedApiKey } from './api-key-text';
import { ExpiredApiKey, InvalidApiKey, RevokedApiKey } from './api-key.errors';

/** For how long an answer of the directory is believed, a "no such key" too. */
const BELIEVED_MS = 1_000;
const CAPACITY = 10_000;
const GRANTABLE = new Set<string>(KEY_SCOPES);

const log = logger('security');

interface Known {
  readonly holder: ApiKeyHolder;
  readonly record: ApiKeyRecord;
  readonly askedAt: number;
}

/**
 * Verifies API keys on the service's own copy of them; the deny list is the guard's. What the directory said is believed
 * for a second, but expiry is looked at each time. Keys are remembered by their HMAC: no key's text stays in memory.
 */
export class ApiKeyVerifier {
  private readonly known = new LruMap<Known>(CAPACITY);
  // Apart from the known: a flood of invented keys must not push out those in use.
  private readonly unknown = new LruMap<number>(CAPACITY);
  private readonly asking = new Map<string, Promise<Known>>();
  /** What a holder was found by, to look for the key again. */
  private readonly foundBy = new WeakMap<ApiKeyHolder, readonly string[]>();

  constructor(
    private readonly directory: ApiKeyDirectory,
    private readonly peppers: ApiKeyPeppers,
    private readonly clock: Clock,
  ) {}

  /**
   * Who holds the key; at once where it was seen within the last second.
   * @throws InvalidApiKey, ExpiredApiKey, RevokedApiKey, and what the directory throws when it cannot tell
   */
  verify(text: unknown): ApiKeyHolder | Promise<ApiKeyHolder> {
    if (!isWellFormedApiKey(text)) throw new InvalidApiKey('form');
    const hmac = this.peppers.hmac(text);
    const now = this.clock.now().getTime();
    const known = this.known.get(hmac);
    if (known && isRecent(known.askedAt, now)) return this.standing(known, now);
    const missedAt = this.unknown.get(hmac);
    if (missedAt !== undefined && isRecent(missedAt, now)) throw new InvalidApiKey('unknown');
    return this.ask(hmac, this.peppers.hmacs(text)).then((found) =>
      this.standing(found, this.clock.now().getTime()),
    );
  }

  /**
   * The key of one whom `verify` let in some time ago, as it is now, without its text.
   * @throws as `verify` does
   */
  verifyAgain(holder: ApiKeyHolder): ApiKeyHolder | Promise<ApiKeyHolder> {
    const hmacs = this.foundBy.get(holder);
    const [hmac] = hmacs ?? [];
    if (hmacs === undefined || hmac === undefined) throw new InvalidApiKey('unknown');
    const now = this.clock.now().getTime();
    const known = this.known.get(hmac);
    if (known && isRecent(known.askedAt, now)) return this.standing(known, now);
    return this.ask(hmac, hmacs).then((found) => this.standing(found, this.clock.now().getTime()));
  }

  /** Requests that come at the same time share one look-up. */
  private ask(hmac: string, hmacs: readonly string[]): Promise<Known> {
    const underWay = this.asking.get(hmac);
    if (underWay) return underWay;
    const asked = this.lookUp(hmac, hmacs).finally(() => this.asking.delete(hmac));
    this.asking.set(hmac, asked);
    return asked;
  }

  private async lookUp(hmac: string, hmacs: readonly string[]): Promise<Known> {
    // The moment before asking counts: the answer may lack what changed since.
    const askedAt = this.clock.now().getTime();
    const record = await this.directory.find(hmacs);
    if (!record) {
      this.known.delete(hmac);
      this.unknown.set(hmac, askedAt);
      throw new InvalidApiKey('unknown');
    }
    // A directory that answers with somebody else's key, for whatever reason, opens nothing.
    if (!hmacs.some((each) => isSame(each, record.hmac))) {
      log.error({ keyId: record.keyId }, 'the API-key directory answered with another key');
      throw new InvalidApiKey('mismatch');
    }
    const known = { holder: holderOf(record), record, askedAt };
    this.foundBy.set(known.holder, hmacs);
    this.known.set(hmac, known);
    this.unknown.delete(hmac);
    return known;
  }

  private standing({ holder, record }: Known, now: number): ApiKeyHolder {
    if (record.revokedAt) throw new RevokedApiKey();
    if (record.expiresAt && now >= record.expiresAt.getTime()) throw new ExpiredApiKey();
    return holder;
  }
}

/** Either way round: after the clock was set back nobody knows how old an answer is. */
function isRecent(askedAt: number, now: number): boolean {
  return Math.abs(now - askedAt) < BELIEVED_MS;
}

function isSame(own: string, theirs: string): boolean {
  const [one, other] = [Buffer.from(own), Buffer.from(theirs)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Scopes that no key may have are dropped, whoever wrote them into the record. */
function holderOf(record: ApiKeyRecord): ApiKeyHolder {
  return Object.freeze({
    kind: 'key',
    keyId: record.keyId,
    userId: record.keyId as UserId,
    tenantId: record.tenantId,
    appId: record.appId,
    scopes: Object.freeze(record.scopes.filter((scope) => GRANTABLE.has(scope))),
    ...(record.requestsPerMinute === undefined ? {} : { requestsPerMinute: record.requestsPerMinute }),
    ...(record.expiresAt ? { expiresAt: Math.floor(record.expiresAt.getTime() / 1000) } : {}),
  });
}
