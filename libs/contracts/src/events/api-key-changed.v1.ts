/**
 * An API key was made, changed or revoked: all that a service needs to verify it alone. Never the key itself. Topic
 * `auth.api-key-changed.v1`.
 */
export interface ApiKeyChangedV1 {
  keyId: string;
  /** HMAC-SHA-256 of the key's text under the pepper of `pepperVersion`, in lower-case hex. */
  hmac: string;
  /** Which secret of API_KEY_SECRET made the HMAC. */
  pepperVersion: number;
  scopes: string[];
  /** The application whose key it is. */
  appId: string;
  /** Its plan: requests in any 60 s for event ingestion. Absent: the default. */
  requestsPerMinute?: number;
  /** RFC 3339. Absent: it has no end. */
  expiresAt?: string;
  /** RFC 3339. Absent: it stands. */
  revokedAt?: string;
  /** Grows with each change: a consumer keeps the highest, whatever the order of arrival. */
  revision: number;
}

export const apiKeyChangedV1Example: ApiKeyChangedV1 = {
  keyId: '019a2b3c-0000-7000-8000-00000000000b',
  hmac: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  pepperVersion: 1,
  scopes: ['releases:read', 'releases:write'],
  appId: '019a2b3c-0000-7000-8000-00000000000a',
  requestsPerMinute: 6000,
  expiresAt: '2027-11-22T12:00:00.000Z',
  revokedAt: '2026-12-24T12:00:00.000Z',
  revision: 2,
};
