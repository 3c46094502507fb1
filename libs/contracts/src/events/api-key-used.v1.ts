/** How often a tenant's API keys were used at one service since its last word about them. Topic `auth.api-key-used.v1`. */
export interface ApiKeyUsedV1 {
  /** One entry a key. */
  uses: { keyId: string; count: number; lastUsedAt: string }[];
}

export const apiKeyUsedV1Example: ApiKeyUsedV1 = {
  uses: [
    {
      keyId: '019a2b3c-0000-7000-8000-00000000000b',
      count: 42,
      lastUsedAt: '2026-11-22T12:00:00.000Z',
    },
  ],
};
