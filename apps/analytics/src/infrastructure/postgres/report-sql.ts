import { SqlSession } from '@libs/database';

/** Speaks SQL in the open ReportTransaction. */
export abstract class ReportSql extends SqlSession {}
