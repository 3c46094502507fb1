import { TenantId } from '../ids';
import { isPersonal } from './personal-data';
import { Pseudonyms } from './pseudonyms';
import { userIdOf } from './user-id';

/** How a tenant's events name a person: by the pseudonym where the client's own name for them is an e-mail or a CPF. */
export class PersonNames {
  constructor(private readonly pseudonyms: Pseudonyms) {}

  /** @throws MalformedUserId */
  of(tenantId: TenantId, text: string): string {
    const userId = userIdOf(text);
    return isPersonal(userId) ? this.pseudonyms.of(tenantId, userId) : userId;
  }
}
