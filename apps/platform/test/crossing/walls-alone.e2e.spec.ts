import { Client } from 'pg';
import { newId } from '@libs/kernel';
import { Assault } from './assault';
import { attackOn, readEverything, sendForeignIds } from './attacks';
import { HouseOfTwo } from './house-of-two';
import { possessionsOf, secretsOf, tenantTables, untouched } from './possessions';

/** Roles that serve requests or messages; the relays see every fact, which is their work. */
const ROLES = [
  'auth_api',
  'releases_api',
  'releases_worker',
  'consolidated_api',
  'consolidated_worker',
  'events_api',
  'events_worker',
  'analytics_api',
  'analytics_worker',
];
/** Whoever may see all of a table, and why. */
const OPEN = new Set([
  // hosts and origins, which the world sees anyway: a guard must know whose a host is
  'releases_api releases.tenant_directory',
  'consolidated_api consolidated.tenant_directory',
  'events_api events.tenant_directory',
  // whose events are to be kept for how long: the collector admits by it, and the upkeep goes through it
  'events_worker events.tenant_directory',
  'events_api events.retention',
  'events_worker events.retention',
  // the same of its sister; and whose applications have changed, on which days to be made again: ids and times, nothing else
  'analytics_api analytics.tenant_directory',
  'analytics_worker analytics.tenant_directory',
  'analytics_worker analytics.retention',
  'analytics_worker analytics.rebuild_day',
  'analytics_worker analytics.app_state',
]);
const DENIED = '42501';

/** Each of the two walls between tenants, with the other one torn down. */
describe('one wall alone', () => {
  let two: HouseOfTwo;
  let before: Map<string, string[]>;

  beforeAll(async () => {
    jest.spyOn(process.stdout, 'write').mockReturnValue(true); // the mails of a house without a mail server
    two = await HouseOfTwo.open();
    before = await possessionsOf(two.admin, two.victim.tenantId);
  }, 120_000);
  afterAll(async () => {
    jest.restoreAllMocks();
    await two?.close();
  });

  const untouchedNow = async () => untouched(await possessionsOf(two.admin, two.victim.tenantId));

  describe('row-level security, under queries that forgot the tenant', () => {
    it.each(ROLES)('holds for %s on every table', async (role) => {
      const client = new Client({ connectionString: two.house.database.urlFor(role) });
      await client.connect();
      const found: string[] = [];
      let [tried, own] = [0, 0];
      try {
        for (const { schema, table, column } of await tenantTables(two.admin)) {
          const name = `${schema}.${table}`;
          const stolen = before.get(name)?.[0];
          for (const tenant of [two.attacker.tenantId, '']) {
            /** How many rows the statement saw or changed; 0 where it was refused. */
            const rows = async (sql: string, params: unknown[] = []): Promise<number> => {
              tried++;
              await client.query('begin');
              try {
                await client.query(
                  `select set_config('app.tenant_id', $1, true), set_config('app.tenant_ids', $2, true)`,
                  [tenant, `{${tenant}}`],
                );
                return (await client.query(sql, params)).rowCount ?? 0;
              } catch (error) {
                if ((error as { code?: string }).code === DENIED) return 0;
                throw error;
              } finally {
                await client.query('rollback');
              }
            };
            const foreign = `${column} is distinct from nullif('${tenant}', '')::uuid`;
            const tries: Record<string, number> = {
              read: OPEN.has(`${role} ${name}`) ? 0 : await rows(`select 1 from ${name} where ${foreign}`),
              'read for update': await rows(`select 1 from ${name} where ${foreign} for update`),
              change: await rows(`update ${name} set ${column} = ${column} where ${foreign}`),
              delete: await rows(`delete from ${name} where ${foreign}`),
            };
            if (stolen) {
              const copy = `insert into ${name} select * from jsonb_populate_record(null::${name}, $1::jsonb)`;
              tries['insert'] = await rows(copy, [stolen]);
              tries['probe'] = await rows(`${copy} on conflict do nothing`, [stolen]);
            }
            // or it would only be shown that these roles may do nothing
            if (tenant) own += await rows(`select 1 from ${name} where ${column} = '${tenant}'`);
            for (const [what, count] of Object.entries(tries))
              if (count > 0) found.push(`${role} may ${what} ${count} rows of ${name} as '${tenant}'`);
          }
        }
      } finally {
        await client.end();
      }
      expect(found).toEqual([]);
      expect(tried).toBeGreaterThanOrEqual(100);
      expect(own).toBeGreaterThan(0);
      expect(await untouchedNow()).toEqual(untouched(before));
    });
  });

  describe('the tenant in every query, with row-level security switched off', () => {
    beforeAll(async () => {
      const { rows } = await two.admin.query<{ name: string }>(
        `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('auth', 'releases', 'consolidated', 'events', 'analytics') and c.relrowsecurity`,
      );
      expect(rows.length).toBeGreaterThanOrEqual(20);
      for (const { name } of rows) await two.admin.query(`alter table ${name} disable row level security`);
    });

    it('is really switched off', async () => {
      const client = new Client({ connectionString: two.house.database.urlFor('auth_api') });
      await client.connect();
      const { rows } = await client.query('select distinct tenant_id from auth.session');
      await client.end();
      expect(rows).toHaveLength(2);
    });

    it('shows and changes nothing of another tenant', async () => {
      const { attacker, admin, treasure } = two;
      const secrets = secretsOf(before, await possessionsOf(admin, attacker.tenantId));
      const assault = new Assault(secrets.texts);
      await readEverything(two, assault);
      await sendForeignIds(two, assault, [...secrets.ids, treasure.releaseId]);
      for (const each of two.routes.filter(({ method }) => method === 'GET'))
        for (const [, cursor] of treasure.cursors) {
          const request = attackOn(two, each, newId());
          const url = `${request.url}?cursor=${encodeURIComponent(cursor)}`;
          await assault.send('cursor', { ...request, url });
        }
      expect(assault.breaches).toEqual([]);
      expect(assault.sent).toBeGreaterThanOrEqual(1_000);
      expect(await untouchedNow()).toEqual(untouched(before));
    });
  });
});
