/** What a member may be in a tenant. */
export type Role = 'owner' | 'admin' | 'operator' | 'viewer';

const READ = ['releases:read'] as const;
const WRITE = [...READ, 'releases:write'] as const;

const SCOPES: Record<Role, readonly string[]> = { owner: WRITE, admin: WRITE, operator: WRITE, viewer: READ };

/** The scopes that an access token of a member with this role carries. */
export function scopesOf(role: Role): readonly string[] {
  return SCOPES[role];
}
