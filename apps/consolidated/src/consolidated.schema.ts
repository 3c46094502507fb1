import { defineSchema } from '@libs/database';
import { CreateConsolidated1795300000000 } from './infrastructure/postgres/migrations/1795300000000-create-consolidated';

export const consolidatedSchema = defineSchema({
  name: 'consolidated',
  migrations: [CreateConsolidated1795300000000],
  roles: ['consolidated_api', 'consolidated_worker'],
});
