import { TenantId, isUuid } from '@libs/kernel';

/** One document: whose it is, what kind (`receipts`), and its id. Nothing of it is a client's text. */
export interface DocumentRef {
  tenantId: TenantId;
  kind: string;
  id: string;
}

const KIND = /^[a-z][a-z-]{0,30}[a-z]$/;

/**
 * Where a document lies in the bucket: under its tenant's prefix, by ids alone. A file name never comes near it.
 * @throws Error for parts that are not ours: a bug, since none comes from a client
 */
export function documentKey({ tenantId, kind, id }: DocumentRef): string {
  if (!isUuid(tenantId) || !isUuid(id)) throw new Error('a document is named by the UUIDs of tenant and row');
  if (!KIND.test(kind)) throw new Error(`${JSON.stringify(kind)} is not a kind of document`);
  return `tenants/${tenantId}/${kind}/${id}`;
}
