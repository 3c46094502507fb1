import { TenantId } from '@libs/kernel';

/** What a service knows of one API key, from its own copy of auth's word (`auth.api-key-changed.v1`). */
export interface ApiKeyRecord {
  readonly keyId: string;
  readonly tenantId: TenantId;
  /** The application whose key it is. */
  readonly appId: string;
  readonly scopes: readonly string[];
  /** The plan: requests in any 60 s for event ingestion; absent for the default. */
  readonly requestsPerMinute?: number;
  /** Absent for a key without an end. */
  readonly expiresAt?: Date;
  /** Absent while it stands. */
  readonly revokedAt?: Date;
  /** The one it was found by, in lower-case hex. */
  readonly hmac: string;
}

/** The API keys that a service knows, whatever their tenant. */
export abstract class ApiKeyDirectory {
  /**
   * The key with one of these HMACs (lower-case hex, one for each version of the pepper), expired and revoked ones too.
   * Rejects when it cannot tell.
   */
  abstract find(hmacs: readonly string[]): Promise<ApiKeyRecord | undefined>;
}
