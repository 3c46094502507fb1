import { Injectable } from '@nestjs/common';
import { queues } from '@libs/contracts';
import { DeadLetters, plainArray, SqlSession, textArray } from '@libs/database';
import { AttributedRejection, Rejection, RejectionRepository, isAttributed } from '../../domain/rejection';

interface Key {
  tenant_id: string;
  release_id: string;
  input_hash: string;
}

/** Rejections and dead letters are rows of one transaction; a rejection that is there already adds neither. */
@Injectable()
export class PostgresRejectionRepository extends RejectionRepository {
  constructor(
    private readonly sql: SqlSession,
    private readonly deadLetters: DeadLetters,
  ) {
    super();
  }

  async addAll(rejections: readonly Rejection[]): Promise<readonly Rejection[]> {
    const attributed = distinct(rejections.filter(isAttributed));
    const inserted = attributed.length > 0 ? await this.insert(attributed) : [];
    const fresh = new Set(inserted.map((row) => row.tenant_id + row.release_id + row.input_hash));
    const kept: Rejection[] = [
      ...attributed.filter((rejection) => fresh.has(keyOf(rejection))),
      // nothing to tell a repetition by: kept each time it comes
      ...rejections.filter((rejection) => !isAttributed(rejection)),
    ];
    if (kept.length > 0)
      await this.deadLetters.add(
        kept.map(({ tenantId, reason, detail, payload }) => ({
          tenantId,
          source: queues.releases.name,
          reason,
          detail,
          payload,
        })),
      );
    return kept;
  }

  private insert(rejections: readonly AttributedRejection[]): Promise<Key[]> {
    return this.sql.query<Key>(
      `insert into releases.rejection (tenant_id, release_id, input_hash, user_id, reason, detail)
       select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[])
       on conflict (tenant_id, release_id, input_hash) do nothing
       returning tenant_id, release_id, input_hash`,
      [
        plainArray(rejections.map((rejection) => rejection.tenantId)),
        plainArray(rejections.map((rejection) => rejection.releaseId)),
        textArray(rejections.map((rejection) => rejection.inputHash)),
        textArray(rejections.map((rejection) => rejection.userId)),
        textArray(rejections.map((rejection) => rejection.reason)),
        textArray(rejections.map((rejection) => rejection.detail)),
      ],
    );
  }
}

function keyOf({ tenantId, releaseId, inputHash }: AttributedRejection): string {
  return tenantId + releaseId + inputHash;
}

function distinct(rejections: readonly AttributedRejection[]): AttributedRejection[] {
  return [...new Map(rejections.map((rejection) => [keyOf(rejection), rejection])).values()];
}
