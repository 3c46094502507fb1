import { defineSchema } from '@libs/database';
import { CreateAuth1795300000001 } from './infrastructure/postgres/migrations/1795300000001-create-auth';

export const authSchema = defineSchema({
  name: 'auth',
  migrations: [CreateAuth1795300000001],
  roles: ['auth_api', 'auth_relay', 'operator'],
});
