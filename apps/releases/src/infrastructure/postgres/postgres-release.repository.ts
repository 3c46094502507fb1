import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession, textArray } from '@libs/database';
import { PostedRelease, Release } from '../../domain/release';
import { Addition, ReleaseRepository } from '../../domain/release.repository';

interface Key {
  tenant_id: string;
  id: string;
}

const INSERT = `
insert into releases.release
  (tenant_id, id, user_id, amount, description, metadata, occurred_at, business_date, input_hash, request_id)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::json[], $7::timestamptz[],
  $8::date[], $9::text[], $10::text[])
on conflict (tenant_id, id) do nothing
returning tenant_id, id`;

const INPUT_HASHES = `
select tenant_id, id, input_hash
from releases.release join unnest($1::uuid[], $2::uuid[]) as wanted(tenant_id, id) using (tenant_id, id)`;

@Injectable()
export class PostgresReleaseRepository extends ReleaseRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async addAll(releases: readonly PostedRelease[]): Promise<Addition> {
    const inserted = await this.sql.query<Key>(INSERT, columnsOf(releases));
    if (inserted.length === releases.length) return { added: [...releases], known: [] };
    const fresh = new Set(inserted.map(keyOf));
    const added: PostedRelease[] = [];
    const repeated: Release[] = [];
    for (const posted of releases) {
      if (fresh.has(posted.release.tenantId + posted.release.id)) added.push(posted);
      else repeated.push(posted.release);
    }
    return { added, known: await this.withTheirInputs(repeated) };
  }

  // A statement of its own: only its fresh snapshot sees a row that another worker committed meanwhile.
  private async withTheirInputs(repeated: readonly Release[]): Promise<Addition['known']> {
    const rows = await this.sql.query<Key & { input_hash: string }>(INPUT_HASHES, [
      plainArray(repeated.map((release) => release.tenantId)),
      plainArray(repeated.map((release) => release.id)),
    ]);
    const hashes = new Map(rows.map((row) => [keyOf(row), row.input_hash]));
    return repeated.map((release) => {
      const inputHash = hashes.get(release.tenantId + release.id);
      if (inputHash === undefined) throw new Error(`release ${release.id} is neither new nor known`);
      return { release, inputHash };
    });
  }
}

function keyOf({ tenant_id, id }: Key): string {
  return tenant_id + id;
}

function columnsOf(posted: readonly PostedRelease[]): string[] {
  const releases = posted.map(({ release }) => release);
  return [
    plainArray(releases.map((release) => release.tenantId)),
    plainArray(releases.map((release) => release.id)),
    plainArray(releases.map((release) => release.userId)),
    plainArray(releases.map((release) => release.amount.cents)),
    textArray(releases.map((release) => release.description)),
    textArray(releases.map(({ metadata }) => metadata && JSON.stringify(metadata))),
    plainArray(releases.map((release) => release.occurredAt.toISOString())),
    plainArray(posted.map(({ businessDate }) => businessDate.toString())),
    textArray(releases.map((release) => release.inputHash)),
    textArray(releases.map((release) => release.requestId)),
  ];
}
