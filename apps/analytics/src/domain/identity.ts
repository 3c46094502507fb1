import { TenantId } from '@libs/kernel';

/** By which of its ids somebody is known. */
export type IdentityKind = 'user' | 'device' | 'session';

/** Makes of an id a number that says only "the same as before", and nothing to who has not the key. */
export abstract class IdentityHash {
  /** 52 bits. The same for the same tenant, kind and id, for ever. */
  abstract of(tenantId: TenantId, kind: IdentityKind, id: string): number;
}

/** The ids an event may tell of. */
export interface Identified {
  tenantId: TenantId;
  userId?: string;
  deviceId?: string;
  sessionId?: string;
}

export interface Identity {
  /** Who it was: the user, else the device, else at least the session; none where an event tells of none of them. */
  visitor?: number;
  /** The session as the client tells it. */
  session?: number;
}

/** An id without a character is none. */
export function identityOf(event: Identified, hash: IdentityHash): Identity {
  const { tenantId, userId, deviceId, sessionId } = event;
  const session = sessionId ? hash.of(tenantId, 'session', sessionId) : undefined;
  const known = userId
    ? hash.of(tenantId, 'user', userId)
    : deviceId
      ? hash.of(tenantId, 'device', deviceId)
      : session;
  return { visitor: known, session };
}
