import { LastOwner, OwnerRequired } from './tenancy.errors';
import { Role } from './role';

/**
 * Who may change whom. The scope `members:write` was asked for before; here is what no scope says: owners are made,
 * changed, signed out and removed by owners, and one stays.
 * @param roles those the change touches: what the member is, and what they become
 * @throws OwnerRequired
 */
export function mayChange(actor: Role, ...roles: (Role | undefined)[]): void {
  if (actor !== 'owner' && roles.includes('owner')) throw new OwnerRequired();
}

/** @param next what the member becomes; absent: they leave @throws LastOwner */
export function keepsAnOwner(owners: number, current: Role, next?: Role): void {
  if (current === 'owner' && next !== 'owner' && owners <= 1) throw new LastOwner();
}
