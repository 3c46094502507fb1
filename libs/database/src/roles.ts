import { createHmac } from 'node:crypto';

/** Owns every schema and table; nobody logs in as it. */
export const OWNER_ROLE = 'moneyflow_owner';

/** Reads everything, writes nothing: for operators and `npm run verify`. */
export const OPERATOR_ROLE = 'operator';

/** Fewer characters of DATABASE_ROLE_SECRET are refused. */
export const LEAST_ROLE_SECRET = 32;

/** Derived, so that one secret (DATABASE_ROLE_SECRET) gives every process its password. */
export function rolePassword(role: string, roleSecret: string): string {
  return createHmac('sha256', roleSecret).update(role).digest('base64url');
}

/** The administrator's URL with the user and password of `role`. */
export function roleUrl(adminUrl: string, role: string, roleSecret: string): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = rolePassword(role, roleSecret);
  return url.toString();
}
