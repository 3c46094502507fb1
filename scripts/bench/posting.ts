import { measurePosting as measure, PostingFigure } from '../../apps/releases/test/posting.bench';
import { Report } from './report';

const ROWS = 100_000;
const AIM_ROWS_PER_SECOND = 15_000;

/** Posting from a backlog through the worker's own consumer and use case, on a PostgreSQL of its own. */
export async function measurePosting(report: Report): Promise<void> {
  const figures = new Map<string, PostingFigure>();
  await measure(ROWS, (figure) => figures.set(figure.name, figure));
  const rate = (name: string): number => {
    const figure = figures.get(name);
    if (!figure) throw new Error(`no figure for ${name}`);
    return figure.rows / figure.seconds;
  };
  const single = rate('one at a time');
  const many = rate('many tenants');
  const add = (what: string, perSecond: number, aim: string, baseline: number, met: boolean): void =>
    report.add({
      what,
      figure: `${perSecond.toFixed(0)} rows/s`,
      baseline: `${baseline.toFixed(0)} rows/s`,
      ratio: perSecond / baseline,
      aim,
      met,
    });
  add(
    'post a backlog of 1,000 tenants, beside one row at a time',
    many,
    `≥ ${AIM_ROWS_PER_SECOND} rows/s and ≥ 2000 %`,
    single,
    many >= AIM_ROWS_PER_SECOND && many >= 20 * single,
  );
  const hot = rate('one hot tenant');
  add('post a backlog of one hot tenant, beside 1,000 tenants', hot, '≥ 75 %', many, hot >= 0.75 * many);
  const bodies = rate('many tenants, from message bodies');
  add(
    'the same from message bodies, parsing included',
    bodies,
    `≥ ${AIM_ROWS_PER_SECOND} rows/s`,
    single,
    bodies >= AIM_ROWS_PER_SECOND,
  );
}
