import { ApiKey } from './api-key';

/** A key, and how it was used so far. */
export interface UsedApiKey {
  key: ApiKey;
  uses: number;
  lastUsedAt?: Date;
}

/** The API keys of the tenant of the transaction. */
export abstract class ApiKeyRepository {
  /** @throws TooManyApiKeys when as many live already as may, or as many were revoked lately */
  abstract add(key: ApiKey, now: Date): Promise<void>;

  /** Locks it until the transaction ends. */
  abstract findForUpdate(id: string): Promise<ApiKey | undefined>;

  /** Keeps its end, its revocation, its successor and its revision. */
  abstract save(key: ApiKey): Promise<void>;

  abstract show(id: string): Promise<UsedApiKey | undefined>;

  /** Newest first, from after the one with the id `after`. */
  abstract list(query: { appId?: string; after?: string; limit: number }): Promise<UsedApiKey[]>;
}
