import { defineSchema } from '@libs/database';
import { CreateConsolidated1795300000000 } from './infrastructure/postgres/migrations/1795300000000-create-consolidated';
import { CopyDirectory1795400000070 } from './infrastructure/postgres/migrations/1795400000070-copy-directory';

export const consolidatedSchema = defineSchema({
  name: 'consolidated',
  migrations: [CreateConsolidated1795300000000, CopyDirectory1795400000070],
  roles: ['consolidated_api', 'consolidated_worker'],
});
