import type { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { OPERATOR_ROLE, OWNER_ROLE, rolePassword } from './roles';

/**
 * Makes the owner, the operator and `roles`, and sets their passwords.
 * @returns every role that logs in
 * @throws Error when one of them exists already and is a superuser or has BYPASSRLS
 */
export async function ensureRoles(
  admin: Client,
  roles: readonly string[],
  roleSecret: string,
): Promise<string[]> {
  const readers = [...new Set([...roles, OPERATOR_ROLE])];
  await ensure(admin, OWNER_ROLE, 'nologin');
  await admin.query(`grant ${OWNER_ROLE} to current_user`);
  for (const role of readers) {
    const password = admin.escapeLiteral(rolePassword(role, roleSecret));
    await ensure(admin, role, `login password ${password}`);
  }
  await patiently(() => admin.query(`alter role ${OPERATOR_ROLE} set default_transaction_read_only = on`));
  await refuseStrongRoles(admin, [OWNER_ROLE, ...readers]);
  return readers;
}

async function ensure(admin: Client, role: string, attributes: string): Promise<void> {
  await patiently(async () => {
    const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role]);
    await admin.query(`${rowCount ? 'alter' : 'create'} role ${role} ${attributes}`);
  });
}

async function refuseStrongRoles(admin: Client, roles: readonly string[]): Promise<void> {
  const { rows } = await admin.query<{ rolname: string }>(
    'select rolname from pg_roles where rolname = any ($1) and (rolsuper or rolbypassrls)',
    [roles],
  );
  if (rows.length > 0) {
    const names = rows.map((row) => row.rolname).join(', ');
    throw new Error(`${names}: exists already as superuser or with BYPASSRLS; take that away first`);
  }
}

/** Roles belong to the whole server: migrations of two of its databases may touch the same one at once. */
async function patiently(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      const race = code === '23505' || code === '42710' || message.includes('concurrently updated');
      if (!race || attempt === 20) throw error;
      await sleep(10 * attempt);
    }
  }
}
