import { SqlSession } from '@libs/database';
import { doneUntil, Erasures, OfPerson, TenantId } from '@libs/kernel';
import { HmacPersonMarks } from './hmac-person-marks';

interface MarkRow {
  tenant_id: TenantId;
  person: string;
  erased_at: Date;
}

/**
 * Reads `<schema>.erased_person`. That holds its lock (ACCESS SHARE) until the batch commits; an erasure, once its mark is there, takes that
 * lock alone for a moment and so knows that no batch is left which looked before.
 */
export class PostgresErasures extends Erasures {
  constructor(
    private readonly sql: SqlSession,
    private readonly marks: HmacPersonMarks,
    private readonly schema: string,
  ) {
    super();
  }

  async admitted<E extends OfPerson>(events: readonly E[]): Promise<readonly E[]> {
    const tenants = await this.tenantsWithErasures(events);
    if (tenants.size === 0) return events;
    const erasedAt = await this.erasedAt(this.personsOf(events, tenants));
    if (erasedAt.size === 0) return events;
    return events.filter((event) => {
      const until =
        event.userId === undefined ? undefined : erasedAt.get(`${event.tenantId} ${event.userId}`);
      return until === undefined || !doneUntil(event, until);
    });
  }

  /** Nearly always none: then nothing is hashed. */
  private async tenantsWithErasures(events: readonly OfPerson[]): Promise<ReadonlySet<TenantId>> {
    const tenantIds = new Set<TenantId>();
    for (const { tenantId, userId } of events) if (userId !== undefined) tenantIds.add(tenantId);
    if (tenantIds.size === 0) return tenantIds;
    const rows = await this.sql.query<{ id: TenantId }>(
      `select id from unnest($1::uuid[]) as tenant (id)
       where exists (select from ${this.schema}.erased_person p where p.tenant_id = tenant.id)`,
      [[...tenantIds]],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** `<tenant> <user>` by its mark in hexadecimal. */
  private personsOf(
    events: readonly OfPerson[],
    tenants: ReadonlySet<TenantId>,
  ): ReadonlyMap<string, { tenantId: TenantId; name: string }> {
    const seen = new Set<string>();
    const persons = new Map<string, { tenantId: TenantId; name: string }>();
    for (const { tenantId, userId } of events) {
      if (userId === undefined || !tenants.has(tenantId)) continue;
      const name = `${tenantId} ${userId}`;
      if (seen.has(name)) continue;
      seen.add(name);
      persons.set(this.marks.of(tenantId, userId).toString('hex'), { tenantId, name });
    }
    return persons;
  }

  private async erasedAt(
    persons: ReadonlyMap<string, { tenantId: TenantId; name: string }>,
  ): Promise<ReadonlyMap<string, string>> {
    const rows = await this.sql.query<MarkRow>(
      `select tenant_id, encode(person, 'hex') as person, erased_at from ${this.schema}.erased_person
       where (tenant_id, person) in
         (select tenant_id, decode(person, 'hex') from unnest($1::uuid[], $2::text[]) as given (tenant_id, person))`,
      [[...persons.values()].map(({ tenantId }) => tenantId), [...persons.keys()]],
    );
    return new Map(
      rows.map(({ person, erased_at }) => [persons.get(person)?.name ?? '', erased_at.toISOString()]),
    );
  }
}
