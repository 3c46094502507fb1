import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { ReleaseId, TenantId, UserId } from '@libs/kernel';
import { DocumentRepository } from '../../domain/document.repository';
import { DocumentType, ReleaseDocument } from '../../domain/release-document';

interface DocumentRow {
  tenant_id: TenantId;
  release_id: ReleaseId;
  id: string;
  name: string;
  content_type: DocumentType;
  size: number;
  sha256: string;
  uploaded_by: UserId;
  created_at: Date;
  stored_at: Date | null;
}

const DOCUMENTS = `select tenant_id, release_id, id, name, content_type, size, encode(sha256, 'hex') as sha256,
  uploaded_by, created_at, stored_at
from releases.document where tenant_id = $1 and release_id = $2`;

/** Every statement names its tenant; row-level security would hold without it. */
@Injectable()
export class PostgresDocumentRepository extends DocumentRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async countForUpdate(tenantId: TenantId, releaseId: ReleaseId): Promise<number> {
    // there may be no row to lock yet; of two releases that share a number one waits a little longer
    await this.sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `releases.document ${tenantId} ${releaseId}`,
    ]);
    const [row] = await this.sql.query<{ count: number }>(
      'select count(*)::int as count from releases.document where tenant_id = $1 and release_id = $2',
      [tenantId, releaseId],
    );
    return row?.count ?? 0;
  }

  async forgetAbandoned(tenantId: TenantId, releaseId: ReleaseId, declaredBefore: Date): Promise<void> {
    await this.sql.query(
      `delete from releases.document
       where tenant_id = $1 and release_id = $2 and stored_at is null and created_at < $3`,
      [tenantId, releaseId, declaredBefore.toISOString()],
    );
  }

  async add({ state }: ReleaseDocument): Promise<void> {
    await this.sql.query(
      `insert into releases.document
         (tenant_id, release_id, id, name, content_type, size, sha256, uploaded_by, created_at)
       values ($1, $2, $3, $4, $5, $6, decode($7, 'hex'), $8, $9)`,
      [
        state.tenantId,
        state.releaseId,
        state.id,
        state.name,
        state.contentType,
        state.size,
        state.sha256,
        state.uploadedBy,
        state.createdAt.toISOString(),
      ],
    );
  }

  async find(tenantId: TenantId, releaseId: ReleaseId, id: string): Promise<ReleaseDocument | undefined> {
    const [row] = await this.sql.query<DocumentRow>(`${DOCUMENTS} and id = $3`, [tenantId, releaseId, id]);
    return row && documentOf(row);
  }

  async list(
    tenantId: TenantId,
    releaseId: ReleaseId,
    after: string | undefined,
    limit: number,
  ): Promise<ReleaseDocument[]> {
    const rows = await this.sql.query<DocumentRow>(
      `${DOCUMENTS} and ($3::uuid is null or id > $3::uuid) order by id limit $4`,
      [tenantId, releaseId, after ?? null, limit],
    );
    return rows.map(documentOf);
  }

  async markStored({ state }: ReleaseDocument): Promise<void> {
    await this.sql.query(
      `update releases.document set stored_at = $4
       where tenant_id = $1 and release_id = $2 and id = $3 and stored_at is null`,
      [state.tenantId, state.releaseId, state.id, state.storedAt?.toISOString()],
    );
  }
}

function documentOf(row: DocumentRow): ReleaseDocument {
  return ReleaseDocument.restore({
    id: row.id,
    tenantId: row.tenant_id,
    releaseId: row.release_id,
    name: row.name,
    contentType: row.content_type,
    size: row.size,
    sha256: row.sha256,
    uploadedBy: row.uploaded_by,
    createdAt: row.created_at,
    storedAt: row.stored_at ?? undefined,
  });
}
