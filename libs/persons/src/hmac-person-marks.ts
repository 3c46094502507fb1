import { createHmac, createSecretKey, hkdfSync, KeyObject } from 'node:crypto';
import { TenantId } from '@libs/kernel';

/** Recognises a person by a keyed hash: who has the database and not the secret can neither read nor try names out. */
export class HmacPersonMarks {
  /** Of bytes one would be made for each mark, at several times its cost. */
  private readonly key: KeyObject;

  constructor(secret: string) {
    this.key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'moneyflow erased persons', 32)));
  }

  /** 32 bytes; the same for the same tenant and user id, for ever. */
  of(tenantId: TenantId, userId: string): Buffer {
    // A tenant id has a fixed length, so no user id can run over into it.
    return createHmac('sha256', this.key).update(tenantId).update(userId).digest();
  }
}
