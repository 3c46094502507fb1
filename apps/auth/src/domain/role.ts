/** What a member may be in a tenant. */
export type Role = 'owner' | 'admin' | 'operator' | 'viewer';

/** A viewer sends events, too: the pages that it looks at do so in its name. */
const READ = [
  'releases:read',
  'pix:read',
  'analytics:read',
  'tenant:read',
  'members:read',
  'apps:read',
  'events:write',
] as const;
const OPERATE = [...READ, 'releases:write', 'pix:write'] as const;
const ADMINISTER = [
  ...OPERATE,
  'tenant:write',
  'members:write',
  'apps:write',
  'keys:read',
  'keys:write',
  'audit:read',
] as const;

const SCOPES: Record<Role, readonly string[]> = {
  owner: ADMINISTER,
  admin: ADMINISTER,
  operator: OPERATE,
  viewer: READ,
};

/** The scopes that an access token of a member with this role carries. */
export function scopesOf(role: Role): readonly string[] {
  return SCOPES[role];
}

/** From the least to the most: each may do what the one before it may. */
const ORDER: readonly Role[] = ['viewer', 'operator', 'admin', 'owner'];

export function isBelow(role: Role, other: Role): boolean {
  return ORDER.indexOf(role) < ORDER.indexOf(other);
}
