import { Client } from 'pg';
import { logger } from '@libs/logging';
import { retellConfig } from '../../auth/src/operator.config';
import { retell } from '../../auth/src/retell';

const log = logger('platform');

const MISSING = `
  select exists (
    select from auth.tenant where id not in (select tenant_id from releases.tenant_directory)
      or id not in (select tenant_id from consolidated.tenant_directory)
      or id not in (select tenant_id from events.tenant_directory)
      or id not in (select tenant_id from analytics.tenant_directory)
  ) or exists (
    select from auth.api_key where (tenant_id, id) not in (select tenant_id, key_id from events.api_key_directory)
      or (tenant_id, id) not in (select tenant_id, key_id from analytics.api_key_directory)
  ) as missing`;

/**
 * The log forgets, and a service that is newer than the data folder begins with what is left of it: auth then tells of all
 * tenants and keys again. Whoever stands in no directory yet because the last start ended early is told of twice, which
 * changes nothing.
 *
 * What fails here is tried again by the next start: the tenants that are known must not wait for it.
 */
export async function retellWhatIsMissing(roleUrl: (role: string) => string): Promise<void> {
  try {
    if (!(await somethingIsMissing(roleUrl('operator')))) return;
    const told = await retell(retellConfig.parse({ DATABASE_AUTH_URL: roleUrl('auth_api') }));
    log.info(told, 'a service lacked tenants or API keys: auth tells of all of them again');
  } catch (error) {
    log.error({ err: error }, 'auth could not tell again what services lack: npm run auth:retell does');
  }
}

/** Asks as the operator: nobody else sees every tenant of every service. */
async function somethingIsMissing(operatorUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: operatorUrl, application_name: 'moneyflow-retell' });
  await client.connect();
  try {
    const { rows } = await client.query<{ missing: boolean }>(MISSING);
    return rows[0]?.missing ?? false;
  } finally {
    await client.end();
  }
}
