import { OPERATOR_ROLE } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A quarter of an hour with few events keeps what they say of each dimension itself, instead of in six rows an event. */
export class KeepFewValues1795600000210 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FEW);
    await runner.query(VALUES);
  }

  /** Forward only: what reads the values of quarters from their rows alone would miss them. */
  async down(): Promise<void> {
    throw new Error('values that are kept in their quarter cannot be read from rows again');
  }
}

const FEW = `
alter table analytics.quarter_rollup add column few json;
comment on column analytics.quarter_rollup.few is
  'what its events say of device, browser, os, country, referrer and url, each as often as it is said; null where quarter_dimension has it';`;

// A value may come more than once. It is read as who asks, behind the walls of its tables.
const VALUES = `
create view analytics.quarter_value with (security_invoker = true) as
select tenant_id, app_id, event_type, dimension, bucket, value, events from analytics.quarter_dimension
union all
select q.tenant_id, q.app_id, q.event_type, d.dimension, q.bucket, told.value, 1
from analytics.quarter_rollup q
cross join (values ('device', 0), ('browser', 1), ('os', 2), ('country', 3), ('referrer', 4), ('url', 5)) as d (dimension, place)
cross join lateral json_array_elements_text(q.few -> d.place) as told (value)
where q.few is not null;
grant select on analytics.quarter_value to analytics_api, analytics_worker, ${OPERATOR_ROLE};
`;
