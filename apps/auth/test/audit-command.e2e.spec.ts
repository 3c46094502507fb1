import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { AppProcess } from '@libs/testing';
import { AuthUnderTest } from './auth-under-test';

const SECRET = 'a secret for this test, thirty-two characters';

let auth: AuthUnderTest;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'));
  auth = await AuthUnderTest.start({ AUTH_KEY_SECRET: SECRET });
});
afterAll(async () => {
  await auth?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What `npm run audit:verify` runs. */
async function auditVerify(...args: string[]): Promise<{ code: number | null; output: string }> {
  const env = { DATABASE_OPERATOR_URL: auth.database.urlFor('operator'), AUTH_KEY_SECRET: SECRET };
  const command = AppProcess.launch({ entry: 'apps/auth/src/audit-verify.js', env, args });
  await command.ended();
  return { code: command.exitCode, output: command.tail };
}

it('exits 0 while every log is as it was written, and 1 with the entry named when one is not', async () => {
  const anchors = join(folder, 'anchors');
  for (const subdomain of ['padaria', 'farmacia']) {
    await auth.register(subdomain);
    await auth.login(subdomain);
  }
  const intact = await auditVerify(`--anchors=${anchors}`);
  expect(intact).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^2 tenants, \d+ entries: intact\n$/),
  });
  expect(readFileSync(anchors, 'utf8')).toMatch(/^([0-9a-f-]{36} \d+ [0-9a-f]{64}\n){2}$/);

  const attacker = new Client({ connectionString: auth.database.adminUrl });
  await attacker.connect();
  await attacker.query('set session_replication_role = replica');
  const { rows } = await attacker.query<{ tenant_id: string }>(
    `delete from auth.audit_entry where seq = 1 and tenant_id = (select id from auth.tenant where subdomain = 'padaria')
     returning tenant_id`,
  );
  await attacker.end();
  const found = await auditVerify(`--anchors=${anchors}`);
  expect(found.code).toBe(1);
  expect(found.output).toContain(`tenant ${rows[0]?.tenant_id}: entries_missing 1\n`);
  expect(found.output).toMatch(/2 tenants, \d+ entries: TAMPERED WITH\n$/);
  // What tells of the log as it was is not overwritten.
  expect(readFileSync(anchors, 'utf8')).toContain(rows[0]?.tenant_id);
});
