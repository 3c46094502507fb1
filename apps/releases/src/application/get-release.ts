import { Injectable } from '@nestjs/common';
import { ReleaseId, TenantId, TenantTransaction, isUuid } from '@libs/kernel';
import { ReleaseIds } from '../domain/release-ids';
import { ReleaseNotFound } from '../domain/release.errors';
import { PostedView, RejectedView, ReleaseReader } from './release-reader';

export interface QueuedView {
  status: 'queued';
  id: string;
}

/** Tells where a release is on its way. */
@Injectable()
export class GetRelease {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: ReleaseReader,
    private readonly ids: ReleaseIds,
  ) {}

  /** @throws ReleaseNotFound for an id that was never issued to this tenant, whoever else may own it */
  async execute(tenantId: TenantId, id: string): Promise<QueuedView | PostedView | RejectedView> {
    if (!isUuid(id)) throw new ReleaseNotFound();
    // the ledger first: it knows even what an older secret signed
    const found = await this.transaction.run(() => this.reader.find(tenantId, id as ReleaseId));
    if (found) return found;
    if (!this.ids.isIssuedTo(tenantId, id)) throw new ReleaseNotFound();
    return { status: 'queued', id };
  }
}
