/** A session ended before its time; for audit (the deny list is what refuses its tokens). Topic `auth.session-revoked.v1`. */
export interface SessionRevokedV1 {
  userId: string;
  sessionId: string;
  reason:
    | 'logout'
    | 'logout_all'
    | 'refresh_reuse'
    | 'password_changed'
    | 'second_factor_changed'
    | 'credentials_changed'
    | 'membership_changed'
    | 'ended_by_admin'
    | 'tenant_suspended';
}

export const sessionRevokedV1Example: SessionRevokedV1 = {
  userId: '019a2b3c-0000-7000-8000-000000000001',
  sessionId: '019a2b3c-0000-7000-8000-000000000002',
  reason: 'logout',
};
