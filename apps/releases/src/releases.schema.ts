import { defineSchema } from '@libs/database';
import { CreateReleases1795300000000 } from './infrastructure/postgres/migrations/1795300000000-create-releases';
import { CopyDirectory1795400000070 } from './infrastructure/postgres/migrations/1795400000070-copy-directory';
import { Documents1795400000090 } from './infrastructure/postgres/migrations/1795400000090-documents';

/** The tables of this context and who may enter them. */
export const releasesSchema = defineSchema({
  name: 'releases',
  migrations: [CreateReleases1795300000000, CopyDirectory1795400000070, Documents1795400000090],
  roles: ['releases_api', 'releases_worker', 'releases_relay', 'operator'],
});
