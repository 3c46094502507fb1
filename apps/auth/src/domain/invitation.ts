import { newId, TenantId, UserId } from '@libs/kernel';
import { Role } from './role';

const DAY_MS = 86_400_000;
/** How long the link of an invitation is good. */
export const INVITATION_MS = 7 * DAY_MS;

/** That a person may join a tenant, told by a one-time link to their e-mail. */
export interface Invitation {
  readonly id: string;
  readonly tenantId: TenantId;
  /** As `normaliseEmail` gives it. */
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: UserId;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export function invite(input: {
  tenantId: TenantId;
  email: string;
  role: Role;
  invitedBy: UserId;
  now: Date;
}): Invitation {
  const { now, ...rest } = input;
  return { id: newId(), ...rest, createdAt: now, expiresAt: new Date(now.getTime() + INVITATION_MS) };
}
