/**
 * SQL: the second key of the advisory lock on a person; the first is hashtext('events.person'). Persons share 256 locks, so that
 * a transaction which holds many cannot fill the server's table of locks. `tenant` and `user` are SQL expressions.
 */
export function personLockSql(tenant: string, user: string): string {
  return `(hashtextextended(${tenant}::text || ' ' || ${user}, 0) & 255)::integer`;
}
