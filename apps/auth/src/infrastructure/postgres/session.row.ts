import { TenantId, UserId } from '@libs/kernel';
import { AuthenticationMethod, Session } from '../../domain/session';

export interface SessionRow {
  tenant_id: TenantId;
  id: string;
  user_id: UserId;
  created_at: Date;
  last_used_at: Date;
  expires_at: Date;
  ip: string | null;
  user_agent: string | null;
  authenticated_at: Date;
  methods: AuthenticationMethod[];
  credentials_as_of: Date | null;
}

export const SESSION_COLUMNS =
  'tenant_id, id, user_id, created_at, last_used_at, expires_at, ip, user_agent, authenticated_at, methods, credentials_as_of';

export function sessionOf(row: SessionRow): Session {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    userId: row.user_id,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    ip: row.ip ?? undefined,
    userAgent: row.user_agent ?? undefined,
    authenticatedAt: row.authenticated_at,
    methods: row.methods,
    credentialsAsOf: row.credentials_as_of ?? undefined,
  };
}
