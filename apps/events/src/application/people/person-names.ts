import { Injectable } from '@nestjs/common';
import { TenantId } from '@libs/kernel';
import { isPersonal } from '../../domain/personal-data';
import { InvalidRange } from '../../domain/reading.errors';
import { userIdOf } from '../../domain/user-id';
import { Pseudonyms } from '../pseudonyms';

/** How a tenant's events name a person: by the pseudonym where the client's own name for them is an e-mail or a CPF. */
@Injectable()
export class PersonNames {
  constructor(private readonly pseudonyms: Pseudonyms) {}

  /** @throws MalformedUserId */
  of(tenantId: TenantId, text: string): string {
    const userId = userIdOf(text);
    return isPersonal(userId) ? this.pseudonyms.of(tenantId, userId) : userId;
  }

  /** What a list is asked for, with the name that the rows have. @throws MalformedUserId, InvalidRange */
  filter<Filter extends { userId?: string; from?: Date | string; to?: Date | string }>(
    tenantId: TenantId,
    filter: Filter,
  ): Filter {
    const { userId, from, to } = filter;
    if (from !== undefined && to !== undefined && from > to) throw new InvalidRange();
    return userId === undefined ? filter : { ...filter, userId: this.of(tenantId, userId) };
  }
}
