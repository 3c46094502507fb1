import { ConfigOf, defineConfig } from '@libs/config';
import { operatorUrl, postgresUrl } from '@libs/database';
import { jwksRefreshSetting } from '@libs/security';
import { signingSettings } from './signing.settings';

const signing = signingSettings();

/** What `audit:verify` needs: the operator reads every tenant's log, the secret gives the key of its MACs. */
export const auditVerifyConfig = defineConfig({
  operator: { url: operatorUrl() },
  secret: signing.secret,
});
export type AuditVerifyConfig = ConfigOf<typeof auditVerifyConfig>;

/** What `auth:rotate-key` needs. */
export const rotateKeyConfig = defineConfig({
  database: {
    url: postgresUrl('DATABASE_AUTH_URL', "PostgreSQL, with the role of auth's API: for auth's commands"),
  },
  signing,
  jwksRefreshSeconds: jwksRefreshSetting(),
});
export type RotateKeyConfig = ConfigOf<typeof rotateKeyConfig>;

/** What `npm run tenants` needs: the secret chains what it writes into the audit log. */
export const tenantsConfig = defineConfig({
  database: {
    url: postgresUrl('DATABASE_AUTH_URL', "PostgreSQL, with the role of auth's API: for auth's commands"),
  },
  secret: signing.secret,
});
export type TenantsConfig = ConfigOf<typeof tenantsConfig>;

/** What `auth:retell` needs. */
export const retellConfig = defineConfig({
  database: {
    url: postgresUrl('DATABASE_AUTH_URL', "PostgreSQL, with the role of auth's API: for auth's commands"),
  },
});
export type RetellConfig = ConfigOf<typeof retellConfig>;
