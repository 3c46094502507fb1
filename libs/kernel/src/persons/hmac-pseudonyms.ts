import { createHmac, createSecretKey, KeyObject } from 'node:crypto';
import { TenantId } from '../ids';
import { isCnpj, isCpf } from '../tax-id';
import { Pseudonyms } from './pseudonyms';

/** People return: their pseudonyms are made once, and not for each of their events. */
const REMEMBERED = 10_000;
/** Longer ids than these are nobody's, and would fill the memory. */
const REMEMBERED_LENGTH = 256;

/** `p_` and 132 bits of HMAC-SHA-256 over tenant and id: who has not the secret cannot try out e-mails and CPFs. */
export class HmacPseudonyms extends Pseudonyms {
  private readonly key: KeyObject;
  private readonly made = new Map<string, string>();

  constructor(secret: string) {
    super();
    this.key = createSecretKey(secret, 'utf8');
  }

  of(tenantId: TenantId, id: string): string {
    // A tenant's id has always the same length, so the two need no mark between them.
    const text = tenantId + id;
    let pseudonym = this.made.get(text);
    if (pseudonym === undefined) {
      const hmac = createHmac('sha256', this.key).update(tenantId + oneSpelling(id));
      pseudonym = `p_${hmac.digest('base64url').slice(0, 22)}`;
      if (this.made.size >= REMEMBERED) this.made.clear();
      if (id.length <= REMEMBERED_LENGTH) this.made.set(text, pseudonym);
    }
    return pseudonym;
  }
}

const LONGEST_SPELLING = 320;
const NUMBER = /^\+?[\d\s()./_-]+$/;
const COUNTRY = /^(?:00)?55(?=\d{10,11}$)/;

/** One person is one pseudonym, however an e-mail, a CPF, a CNPJ or a phone number is spelled. Other ids are as they are. */
function oneSpelling(id: string): string {
  if (id.length > LONGEST_SPELLING) return id;
  const text = id.normalize('NFKC').trim();
  if (text.includes('@')) return text.toLowerCase();
  const bare = text.replace(/[^\dA-Za-z]/g, '').toUpperCase();
  if (!NUMBER.test(text)) return isCnpj(bare) ? bare : id;
  return isCpf(bare) || isCnpj(bare) ? bare : bare.replace(COUNTRY, '');
}
