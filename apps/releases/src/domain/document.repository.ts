import { ReleaseId, TenantId } from '@libs/kernel';
import { ReleaseDocument } from './release-document';

export abstract class DocumentRepository {
  /** Waits for whoever else adds to this release, then tells how many it has, stored or still to come. */
  abstract countForUpdate(tenantId: TenantId, releaseId: ReleaseId): Promise<number>;

  /** Forgets what was declared before `declaredBefore` and never stored. */
  abstract forgetAbandoned(tenantId: TenantId, releaseId: ReleaseId, declaredBefore: Date): Promise<void>;

  abstract add(document: ReleaseDocument): Promise<void>;

  abstract find(tenantId: TenantId, releaseId: ReleaseId, id: string): Promise<ReleaseDocument | undefined>;

  /** Oldest first, after the document `after`. */
  abstract list(
    tenantId: TenantId,
    releaseId: ReleaseId,
    after: string | undefined,
    limit: number,
  ): Promise<ReleaseDocument[]>;

  /** Keeps `storedAt`; the first one stays. */
  abstract markStored(document: ReleaseDocument): Promise<void>;
}
