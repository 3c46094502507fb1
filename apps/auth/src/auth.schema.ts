import { defineSchema } from '@libs/database';
import { Tenancy1795400000040 } from './infrastructure/postgres/migrations/1795400000040-tenancy';
import { Identities1795400000020 } from './infrastructure/postgres/migrations/1795400000020-identities';
import { CreateAudit1795400000050 } from './infrastructure/postgres/migrations/1795400000050-create-audit';
import { LocalIdentity1795400000010 } from './infrastructure/postgres/migrations/1795400000010-local-identity';
import { CreateAppsAndApiKeys1795400000060 } from './infrastructure/postgres/migrations/1795400000060-create-apps-and-api-keys';
import { TenantDirectory1795400000070 } from './infrastructure/postgres/migrations/1795400000070-tenant-directory';
import { RequiredSecondFactor1795400000080 } from './infrastructure/postgres/migrations/1795400000080-required-second-factor';
import { KeysHaveATime1795400000051 } from './infrastructure/postgres/migrations/1795400000051-keys-have-a-time';
import { SettledAccounts1795400000090 } from './infrastructure/postgres/migrations/1795400000090-settled-accounts';
import { SessionsKnowHow1795400000000 } from './infrastructure/postgres/migrations/1795400000000-sessions-know-how';
import { CreateAuth1795300000001 } from './infrastructure/postgres/migrations/1795300000001-create-auth';

export const authSchema = defineSchema({
  name: 'auth',
  migrations: [
    CreateAuth1795300000001,
    SessionsKnowHow1795400000000,
    LocalIdentity1795400000010,
    Identities1795400000020,
    Tenancy1795400000040,
    CreateAudit1795400000050,
    KeysHaveATime1795400000051,
    CreateAppsAndApiKeys1795400000060,
    TenantDirectory1795400000070,
    RequiredSecondFactor1795400000080,
    SettledAccounts1795400000090,
  ],
  roles: ['auth_api', 'auth_relay', 'operator'],
});
