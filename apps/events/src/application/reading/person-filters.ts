import { Injectable } from '@nestjs/common';
import { PersonNames, TenantId } from '@libs/kernel';
import { InvalidRange } from '../../domain/reading.errors';

/** What a list is asked for, with the name of the person that the rows have. */
@Injectable()
export class PersonFilters {
  constructor(private readonly names: PersonNames) {}

  /** @throws MalformedUserId, InvalidRange */
  of<Filter extends { userId?: string; from?: Date | string; to?: Date | string }>(
    tenantId: TenantId,
    filter: Filter,
  ): Filter {
    const { userId, from, to } = filter;
    if (from !== undefined && to !== undefined && from > to) throw new InvalidRange();
    return userId === undefined ? filter : { ...filter, userId: this.names.of(tenantId, userId) };
  }
}
