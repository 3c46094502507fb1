/** SQL: the advisory lock on a person, for the transaction: by this key. `tenant` and `user` are SQL expressions. */
export function personLockSql(tenant: string, user: string): string {
  return `hashtextextended('events.person ' || ${tenant}::text || ' ' || ${user}, 0)`;
}
