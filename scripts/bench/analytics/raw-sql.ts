import { STATED_ERROR } from '../../../apps/analytics/src/domain/unique-sketch';
import { lastDay } from './asking';
import { FilledDatabase } from './filled-database';
import { Answer, daysOf, Question } from './questions';

/** One who waits longer than this has gone. */
const MOST_SECONDS = 120;
const CANCELLED = '57014';

/**
 * Asks the raw events in plain SQL, once, and holds the answer of the API against it.
 * @returns how long it took, in milliseconds; undefined where nobody would have waited for it
 * @throws Error when the two say different things
 */
export async function askRaw(
  { admin, tenantId, appId, until }: FilledDatabase,
  question: Question,
  answer: Answer,
): Promise<number | undefined> {
  const { raw } = question;
  if (!raw) return undefined;
  const { first, last } = daysOf(question, lastDay({ until }), 0);
  const { rows: bounds } = await admin.query<{ since: Date; until: Date }>(
    `select $1::timestamp at time zone 'America/Sao_Paulo' as since, ($2::date + 1)::timestamp at time zone 'America/Sao_Paulo' as until`,
    [first, last],
  );
  const [period] = bounds;
  if (!period) throw new Error('a row of its own was not answered');
  await admin.query(`set statement_timeout = '${MOST_SECONDS}s'`);
  try {
    const started = performance.now();
    const { rows } = await admin.query<{ told: string; estimated?: string }>(raw.sql, [
      tenantId,
      appId,
      period.since,
      period.until,
    ]);
    const ms = performance.now() - started;
    const [exact] = rows;
    agree(question.name, raw.told(answer), Number(exact?.told), 0);
    if (raw.estimated) agree(question.name, raw.estimated(answer), Number(exact?.estimated), STATED_ERROR);
    return ms;
  } catch (error) {
    if ((error as { code?: unknown }).code === CANCELLED) return undefined;
    throw error;
  } finally {
    await admin.query('reset statement_timeout');
  }
}

function agree(name: string, told: number | undefined, exact: number, error: number): void {
  if (told !== undefined && Math.abs(told - exact) <= exact * error) return;
  throw new Error(`${name}: the report says ${told}, the raw events ${exact}`);
}
