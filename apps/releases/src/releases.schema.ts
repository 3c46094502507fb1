import { defineSchema } from '@libs/database';
import { CreateReleases1795300000000 } from './infrastructure/postgres/migrations/1795300000000-create-releases';

/** The tables of this context and who may enter them. */
export const releasesSchema = defineSchema({
  name: 'releases',
  migrations: [CreateReleases1795300000000],
  roles: ['releases_api', 'releases_worker', 'releases_relay', 'operator'],
});
