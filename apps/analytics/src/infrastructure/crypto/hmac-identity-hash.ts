import { createHmac, createSecretKey, hkdfSync, KeyObject } from 'node:crypto';
import { TenantId } from '@libs/kernel';
import { IdentityHash, IdentityKind } from '../../domain/identity';

/** Visitors send many events, of which each needs two of these: a HMAC costs ten times a look-up. */
const REMEMBERED = 20_000;
/** Longer ids than these are nobody's, and would fill the memory. */
const REMEMBERED_LENGTH = 256;
const HIGH_BITS_OF = 16;

/** The first 52 bits of an HMAC-SHA-256 over tenant, kind and id, under a key derived from EVENT_PSEUDONYM_SECRET. */
export class HmacIdentityHash extends IdentityHash {
  /** Of bytes one would be made for each hash, at four times its cost. */
  private readonly key: KeyObject;
  private readonly made = new Map<string, number>();

  constructor(secret: string) {
    super();
    this.key = createSecretKey(
      Buffer.from(hkdfSync('sha256', secret, '', 'moneyflow analytics identities', 32)),
    );
  }

  of(tenantId: TenantId, kind: IdentityKind, id: string): number {
    // A tenant id has a fixed length and a kind none of the separator, so no two of them make the same text.
    const text = `${tenantId}${kind}:${id}`;
    let hash = this.made.get(text);
    if (hash === undefined) {
      const digest = createHmac('sha256', this.key).update(text).digest();
      hash = digest.readUIntBE(0, 6) * HIGH_BITS_OF + (digest[6]! >> 4);
      if (this.made.size >= REMEMBERED) this.made.clear();
      if (id.length <= REMEMBERED_LENGTH) this.made.set(text, hash);
    }
    return hash;
  }
}
