import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, relative } from 'node:path';

/** One line of the report: what was measured, the figure, the aim, and the ratio to the baseline of the same run. */
export interface Row {
  what: string;
  figure: string;
  baseline?: string;
  ratio?: number;
  aim: string;
  met: boolean;
}

export class Report {
  private readonly rows: Row[] = [];

  add(row: Row): void {
    this.rows.push(row);
    process.stdout.write(`${line(row)}\n`);
  }

  /** Writes `bench/results/<day>-<commit>.json` and returns the Markdown table. */
  save(): string {
    const commit = gitCommit();
    const [processor] = cpus();
    const measuredAt = new Date().toISOString();
    const machine = { processor: processor?.model.trim(), cores: cpus().length, node: process.version };
    const folder = join(process.cwd(), 'bench', 'results');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${measuredAt.slice(0, 10)}-${commit}.json`);
    writeFileSync(file, `${JSON.stringify({ measuredAt, commit, machine, rows: this.rows }, null, 2)}\n`);
    const header = '| what | figure | baseline | ratio | aim | met |\n|---|---|---|---|---|---|';
    return `${header}\n${this.rows.map(line).join('\n')}\n\nSaved as ${relative(process.cwd(), file)}`;
  }
}

function line(row: Row): string {
  const ratio = row.ratio === undefined ? '' : `${(row.ratio * 100).toFixed(0)} %`;
  return `| ${row.what} | ${row.figure} | ${row.baseline ?? ''} | ${ratio} | ${row.aim} | ${row.met ? 'yes' : 'no'} |`;
}

function gitCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch (error) {
    process.stderr.write(`no commit to name: ${(error as Error).message}\n`);
    return 'unversioned';
  }
}
