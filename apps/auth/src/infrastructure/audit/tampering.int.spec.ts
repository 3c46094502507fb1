import * as fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { NestFactory } from '@nestjs/core';
import { DatabaseModule, SqlSession } from '@libs/database';
import { newId, requestContext, SystemClock, TenantId, TenantTransaction } from '@libs/kernel';
import { TestDatabase, testDatabase } from '@libs/testing';
import { AuditVerdict } from '../../application/audit/audit-reader';
import { inTenant } from '../../application/tenants/tenant-work';
import { verifyAudit } from '../../audit-verify';
import { authSchema } from '../../auth.schema';
import { Tenant } from '../../domain/tenant';
import { PostgresTenantRepository } from '../postgres/postgres-tenant.repository';
import { AuditChain } from './audit-chain';
import { PostgresAuditLog } from './postgres-audit-log';
import { PostgresAuditVerifier } from './postgres-audit-verifier';

const SECRET = 'a secret for tests, thirty-two characters at least';
const ENTRIES = 12;
const [ours, theirs] = ['ours', 'theirs'].map((name) =>
  Tenant.found({ name, subdomain: name, now: new Date() }),
) as [Tenant, Tenant];
const [OURS, THEIRS] = [ours.id, theirs.id];

let database: TestDatabase;
/** The superuser, past every grant, policy and trigger. */
let attacker: Client;
let close: () => Promise<void>;
let audit: PostgresAuditLog;
let verifier: PostgresAuditVerifier;
let transaction: TenantTransaction;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'));
  database = await testDatabase([authSchema]);
  attacker = new Client({ connectionString: database.adminUrl });
  await attacker.connect();
  const options = { name: 'audit', schema: 'auth', url: database.urlFor('auth_api'), poolMax: 4 };
  const context = await NestFactory.createApplicationContext(DatabaseModule.forRoot(options), {
    logger: false,
  });
  close = () => context.close();
  const sql = context.get(SqlSession);
  transaction = context.get(TenantTransaction);
  const chain = new AuditChain(SECRET);
  audit = new PostgresAuditLog(sql, new SystemClock(), chain);
  verifier = new PostgresAuditVerifier(transaction, sql, chain);
  const tenants = new PostgresTenantRepository(sql);
  for (const tenant of [ours, theirs]) {
    const { id: tenantId } = tenant;
    await inTenant(transaction, tenantId, () => tenants.add(tenant));
    await record(tenantId, 'tenant.registered');
    for (let each = 1; each < ENTRIES; each++) await record(tenantId, 'member.role_changed');
  }
  await attacker.query('set session_replication_role = replica');
  await attacker.query('alter table auth.audit_entry drop constraint audit_entry_seq_check');
  await attacker.query('create table auth.entry_kept as table auth.audit_entry');
  await attacker.query('create table auth.head_kept as table auth.audit_head');
});
afterAll(async () => {
  await close?.();
  await attacker?.end();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

const record = (tenantId: TenantId, action: 'tenant.registered' | 'member.role_changed' | 'session.opened') =>
  inTenant(transaction, tenantId, () =>
    audit.record({
      tenantId,
      action,
      actor: { kind: 'person', id: newId() },
      target: newId(),
      details: { from: 'viewer', to: 'admin' },
    }),
  );
const verify = (tenantId = OURS): Promise<AuditVerdict> =>
  requestContext.run({ requestId: 'r', tenantId }, () => verifier.verify());
const restore = () =>
  attacker.query(
    `delete from auth.audit_entry; delete from auth.audit_head;
     insert into auth.audit_entry table auth.entry_kept; insert into auth.audit_head table auth.head_kept`,
  );
const everything = async () =>
  JSON.stringify([
    (await attacker.query('select *, details::text as text from auth.audit_entry order by tenant_id, seq'))
      .rows,
    (await attacker.query('select * from auth.audit_head order by tenant_id')).rows,
  ]);
/** As the operator's command sees it. */
const command = async (options: { anchors?: string; secret?: string } = {}) => {
  const lines: string[] = [];
  const config = { operator: { url: database.urlFor('operator') }, secret: options.secret ?? SECRET };
  const intact = await verifyAudit(config, { anchors: options.anchors, print: (line) => lines.push(line) });
  return { intact, lines };
};

const seq = fc.integer({ min: 1, max: ENTRIES });
const of = (tenant: string, at: number) => `where tenant_id = '${tenant}' and seq = ${at}`;

/** One statement each of what somebody with the whole database in hand may do. */
const tampering = fc.oneof(
  // one column of one entry
  fc
    .tuple(
      seq,
      fc.constantFrom(
        `action = 'key.created'`,
        `actor_kind = 'system'`,
        `actor_id = gen_random_uuid()::text`,
        'actor_id = null',
        `target = gen_random_uuid()::text`,
        `details = '{}'`,
        `details = (details::text || ' ')::json`,
        `request_id = request_id || 'x'`,
        `occurred_at = occurred_at + interval '1 millisecond'`,
        `occurred_at = occurred_at - interval '1 year'`,
        `occurred_at = 'infinity'`,
        `tenant_id = gen_random_uuid()`,
        `seq = seq + ${ENTRIES}`,
        'seq = -seq',
        'seq = 0',
        'seq = seq * 100',
        `mac = sha256(mac)`,
        `mac = set_byte(mac, 31, get_byte(mac, 31) # 1)`,
      ),
    )
    .map(([at, change]) => `update auth.audit_entry set ${change} ${of(OURS, at)}`),
  // some entries gone
  fc
    .uniqueArray(seq, { minLength: 1 })
    .map((gone) => `delete from auth.audit_entry where tenant_id = '${OURS}' and seq in (${gone.join()})`),
  // the tail gone, and the head made to fit as well as can be
  seq.map(
    (from) => `with tail as (delete from auth.audit_entry where tenant_id = '${OURS}' and seq >= ${from})
    update auth.audit_head set seq = ${from - 1},
      mac = coalesce((select mac from auth.audit_entry ${of(OURS, from - 1)}), decode(repeat('00', 32), 'hex'))
    where tenant_id = '${OURS}'`,
  ),
  // beginning gone, the rest moved up
  fc.integer({ min: 1, max: ENTRIES - 1 }).map(
    (first) => `delete from auth.audit_entry where tenant_id = '${OURS}' and seq <= ${first};
    update auth.audit_entry set seq = -(seq - ${first}) where tenant_id = '${OURS}';
    update auth.audit_entry set seq = -seq where tenant_id = '${OURS}';
    update auth.audit_head set seq = seq - ${first} where tenant_id = '${OURS}'`,
  ),
  // two entries change places: all of them, or all but their MACs
  fc
    .tuple(seq, seq, fc.boolean())
    .filter(([one, other]) => one !== other)
    .map(
      ([one, other, withMacs]) =>
        `update auth.audit_entry e set occurred_at = o.occurred_at, action = o.action, actor_id = o.actor_id,
      target = o.target, details = o.details, request_id = o.request_id ${withMacs ? ', mac = o.mac' : ''}
      from auth.entry_kept o where o.tenant_id = e.tenant_id and e.tenant_id = '${OURS}'
        and e.seq in (${one}, ${other}) and o.seq in (${one}, ${other}) and o.seq <> e.seq`,
    ),
  // an entry of another tenant's in the place of one of ours, or behind the last
  fc.tuple(seq, seq).map(
    ([one, theirs]) => `delete from auth.audit_entry ${of(OURS, one)};
    insert into auth.audit_entry select '${OURS}', ${one}, occurred_at, action, actor_kind, actor_id, target, details, request_id, mac
    from auth.entry_kept ${of(THEIRS, theirs)}`,
  ),
  seq.map(
    (
      copied,
    ) => `insert into auth.audit_entry select tenant_id, ${ENTRIES + 1}, occurred_at, action, actor_kind, actor_id, target, details, request_id, mac
    from auth.entry_kept ${of(OURS, copied)};
    update auth.audit_head set seq = ${ENTRIES + 1}, mac = (select mac from auth.entry_kept ${of(OURS, copied)}) where tenant_id = '${OURS}'`,
  ),
  // the head alone
  fc
    .constantFrom(
      'seq = seq - 1',
      'seq = seq + 1',
      'seq = 0',
      'mac = sha256(mac)',
      'seal = sha256(seal)',
      'seal = mac',
      `mac = (select mac from auth.head_kept where tenant_id = '${THEIRS}'), seal = (select seal from auth.head_kept where tenant_id = '${THEIRS}')`,
    )
    .map((change) => `update auth.audit_head set ${change} where tenant_id = '${OURS}'`),
  fc.constantFrom(
    `delete from auth.audit_head where tenant_id = '${OURS}'`,
    `delete from auth.audit_head where tenant_id = '${OURS}'; delete from auth.audit_entry where tenant_id = '${OURS}'`,
  ),
);

describe('whoever owns the database', () => {
  beforeEach(restore);

  it('finds the log intact before anything is done to it', async () => {
    expect(await verify()).toMatchObject({ entries: BigInt(ENTRIES), tampering: [] });
    expect(await command()).toMatchObject({ intact: true, lines: ['2 tenants, 24 entries: intact'] });
  });

  it('alters, removes, inserts, moves or cuts off nothing unseen: 400 ways at random', async () => {
    const original = await everything();
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(tampering, async (statements) => {
        await restore();
        await attacker.query(statements);
        // An entry put in its own place has changed nothing.
        fc.pre((await everything()) !== original);
        tried += 1;
        expect((await verify()).tampering).not.toEqual([]);
        expect((await command()).intact).toBe(false);
        expect((await verify(THEIRS)).tampering).toEqual([]);
      }),
      { numRuns: 400 },
    );
    expect(tried).toBeGreaterThanOrEqual(400);
  }, 120_000);

  it('is seen all the same after the log has gone on: nothing that is appended covers it up', async () => {
    await fc.assert(
      fc.asyncProperty(tampering, async (statements) => {
        const original = await everything();
        await attacker.query(statements);
        fc.pre((await everything()) !== original);
        await record(OURS, 'session.opened');
        await record(OURS, 'session.opened');
        expect((await verify()).tampering).not.toEqual([]);
        await restore();
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  it('may put the whole of it back to a former state, which an anchor outside shows', async () => {
    const anchors = join(folder, 'anchors');
    await record(OURS, 'session.opened');
    expect((await command({ anchors })).intact).toBe(true);
    expect(readFileSync(anchors, 'utf8').split('\n')).toHaveLength(3);
    await record(OURS, 'session.opened');
    expect((await command({ anchors })).intact).toBe(true);
    await restore();
    expect((await command()).intact).toBe(true);
    const { intact, lines } = await command({ anchors });
    expect([intact, lines[0]]).toEqual([false, `tenant ${OURS}: anchor_differs ${ENTRIES + 2}`]);
    await record(OURS, 'session.opened');
    await record(OURS, 'session.opened');
    expect((await command({ anchors })).intact).toBe(false);
  });

  it('can make nothing that holds without the secret', async () => {
    const { intact, lines } = await command({ secret: 'another secret, of thirty-two characters or more' });
    expect(intact).toBe(false);
    expect(lines.length).toBeGreaterThan(2 * ENTRIES);
  });

  it('leaves a log that still takes entries: tampering stops nobody at work', async () => {
    await attacker.query(`delete from auth.audit_head where tenant_id = '${OURS}'`);
    await record(OURS, 'session.opened');
    await attacker.query(`update auth.audit_head set seq = 1 where tenant_id = '${OURS}'`);
    await record(OURS, 'session.opened');
    const { tampering: found, entries } = await verify();
    expect(entries).toBe(BigInt(ENTRIES + 2));
    expect(found.map(({ kind, seq: at }) => [kind, at])).toEqual([
      ['entry_altered', BigInt(ENTRIES + 1)],
      ['entry_altered', BigInt(ENTRIES + 2)],
    ]);
  });
});
