import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { ReleaseId, TenantId, isUuid } from '@libs/kernel';
import { KeyedOrigin, ReleaseIds } from '../../domain/release-ids';

const SIGNED_BYTES = 12;
const MAC_BYTES = 4;
const COUNTER_LIMIT = 0x1000;
const POOL_BYTES = 4096;

/**
 * UUIDv8 (RFC 9562 §5.8): 48 bits Unix ms | version | 12 bits counter within the millisecond, seeded randomly |
 * variant | 30 random bits | 32 bits of HMAC-SHA256(secret, tenant ‖ the first 96 bits). Of a keyed release the 90
 * free bits are SHA-256(tenant, route, key, item) instead, so that a retry has the same id everywhere.
 */
export class HmacReleaseIds extends ReleaseIds {
  private lastMs = 0;
  private counter = 0;
  private pool = randomBytes(POOL_BYTES);
  private poolAt = 0;

  constructor(private readonly secret: string) {
    super();
  }

  next(tenantId: TenantId, at: Date): ReleaseId {
    const ms = this.tick(at.getTime());
    const bytes = Buffer.allocUnsafe(16);
    bytes.writeUIntBE(ms, 0, 6);
    bytes.writeUInt16BE(this.counter, 6);
    this.random(4).copy(bytes, 8);
    return this.sign(tenantId, bytes);
  }

  derive(tenantId: TenantId, { route, idempotencyKey, item }: KeyedOrigin): ReleaseId {
    // JSON keeps the parts apart whatever they contain
    const origin = JSON.stringify([tenantId, route, idempotencyKey, item]);
    const bytes = Buffer.alloc(16);
    createHash('sha256').update(origin).digest().copy(bytes, 0, 0, SIGNED_BYTES);
    return this.sign(tenantId, bytes);
  }

  isIssuedTo(tenantId: TenantId, id: string): id is ReleaseId {
    if (!isUuid(id)) return false;
    const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
    return timingSafeEqual(bytes.subarray(SIGNED_BYTES), this.mac(tenantId, bytes));
  }

  /** The millisecond to stamp: never earlier than the last one, and a later one once 4,096 ids used it up. */
  private tick(ms: number): number {
    if (ms > this.lastMs) {
      this.lastMs = ms;
      // the upper half stays free, so that a burst rarely overflows into the next millisecond
      this.counter = randomInt(COUNTER_LIMIT / 2);
    } else if (++this.counter === COUNTER_LIMIT) {
      this.lastMs += 1;
      this.counter = 0;
    }
    return this.lastMs;
  }

  private sign(tenantId: TenantId, bytes: Buffer): ReleaseId {
    bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    this.mac(tenantId, bytes).copy(bytes, SIGNED_BYTES);
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as ReleaseId;
  }

  private mac(tenantId: TenantId, bytes: Buffer): Buffer {
    const hmac = createHmac('sha256', this.secret).update(tenantId).update(bytes.subarray(0, SIGNED_BYTES));
    return hmac.digest().subarray(0, MAC_BYTES);
  }

  // one draw from the system's generator serves a thousand ids
  private random(bytes: number): Buffer {
    if (this.poolAt + bytes > POOL_BYTES) {
      this.pool = randomBytes(POOL_BYTES);
      this.poolAt = 0;
    }
    this.poolAt += bytes;
    return this.pool.subarray(this.poolAt - bytes, this.poolAt);
  }
}
