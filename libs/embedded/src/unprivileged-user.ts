import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface UnprivilegedUser {
  uid: number;
  gid: number;
}

const CANDIDATES = ['postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root, so root runs it as somebody else: whoever owns the cluster already, else the system's
 * `postgres` or `nobody` (initdb wants a user that the system knows by name).
 * @returns undefined where this process is not root, or the system knows none of them
 */
export function unprivilegedUser(clusterOwner?: number): UnprivilegedUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name: name ?? '', uid: Number(uid), gid: Number(gid) }));
  const owner = users.find((user) => user.uid === clusterOwner && user.uid !== 0);
  const found = owner ?? CANDIDATES.map((name) => users.find((user) => user.name === name)).find(Boolean);
  return found && { uid: found.uid, gid: found.gid };
}

/** Whether `user` may walk down to `path` (a home of mode 0700 on the way stops it). */
export function canReach(user: UnprivilegedUser, path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (!permits(user, folder, 0o1)) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Whether the mode of `path` gives `user` the bits `wanted` (4 read, 2 write, 1 execute or enter). */
export function permits(user: UnprivilegedUser, path: string, wanted: number): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & wanted) === wanted;
}
