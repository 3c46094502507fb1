import { ReleaseId, TenantId } from '@libs/kernel';

/** Where a keyed release comes from: the same origin is the same release, everywhere and for ever. */
export interface KeyedOrigin {
  route: string;
  idempotencyKey: string;
  /** Position in its batch; 0 for a single release. */
  item: number;
}

/**
 * Issues release ids and tells an issued one from a guess, without storing any: an id is a UUIDv8 that carries a
 * short HMAC over its tenant, so that `GET /releases/:id` can answer `queued` from the id alone.
 */
export abstract class ReleaseIds {
  /** A new id, ordered by time and, within a millisecond, by issue. */
  abstract next(tenantId: TenantId, at: Date): ReleaseId;

  /** The id that this origin always has. */
  abstract derive(tenantId: TenantId, origin: KeyedOrigin): ReleaseId;

  /** Whether this id was issued for this tenant; a guess passes once in 2^32. */
  abstract isIssuedTo(tenantId: TenantId, id: string): id is ReleaseId;
}

/** SHA-256 in base64url of a canonical text: what two inputs are compared by. */
export abstract class InputHasher {
  abstract hash(canonical: string): string;
}
