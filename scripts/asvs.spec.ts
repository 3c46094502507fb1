import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');
const FOLDER = join(ROOT, 'docs/security');
const TEXT = readFileSync(join(FOLDER, 'asvs.md'), 'utf8');
const VERDICTS = ['met', 'partly', 'not met', 'n.a.'] as const;

/** How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; their numbers run from 1 without a gap. */
const SECTIONS = {
  ...{ 'V2.1': 3, 'V2.2': 3, 'V2.3': 4, 'V2.4': 1 },
  ...{ 'V6.1': 3, 'V6.2': 12, 'V6.3': 4, 'V6.4': 4, 'V6.5': 5, 'V6.6': 3, 'V6.8': 4 },
  ...{ 'V7.1': 3, 'V7.2': 4, 'V7.3': 2, 'V7.4': 5, 'V7.5': 2, 'V7.6': 2 },
  ...{ 'V8.1': 2, 'V8.2': 3, 'V8.3': 1, 'V8.4': 1 },
  ...{ 'V9.1': 3, 'V9.2': 4 },
  ...{ 'V10.1': 2, 'V10.2': 2, 'V10.3': 4, 'V10.4': 11, 'V10.5': 5, 'V10.6': 2, 'V10.7': 3 },
  ...{ 'V11.1': 2, 'V11.2': 3, 'V11.3': 3, 'V11.4': 4, 'V11.5': 1, 'V11.6': 1 },
};
const REQUIRED = Object.entries(SECTIONS).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, at) => `${section}.${at + 1}`),
);

interface Row {
  id: string;
  asks: string;
  verdict: string;
  evidence: string;
}

const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
const rows: Row[] = TEXT.split('\n')
  .filter((line) => /^\| V\d+\.\d/.test(line))
  .map((line) => {
    const [id = '', asks = '', verdict = '', evidence = '', ...more] = cellsOf(line);
    expect([id, more]).toEqual([id, []]);
    return { id, asks, verdict, evidence };
  });

/** `file` › "title", and further titles of the same file: and › "title". */
function* testsIn(evidence: string): Generator<{ file: string; title: string }> {
  let file = '';
  for (const [, named, title = ''] of evidence.matchAll(/(?:`([^`]+\.spec\.ts)` )?› "([^"]+)"/g)) {
    file = named ?? file;
    yield { file, title };
  }
}

const linksIn = (text: string): string[] => [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to = '']) => to);

/** As GitHub names the headings of a page. */
const anchorsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('docs/security/asvs.md', () => {
  it('answers every requirement of levels 1 and 2 once, in their order', () => {
    expect(REQUIRED).toHaveLength(121);
    expect(rows.map(({ id }) => id)).toEqual(REQUIRED);
  });

  it('has one of four verdicts in each row, and says why', () => {
    for (const { id, asks, verdict, evidence } of rows) {
      expect([id, VERDICTS.some((each) => each === verdict)]).toEqual([id, true]);
      expect([id, asks.split(' ').length <= 10]).toEqual([id, true]);
      expect([id, evidence.length > 0]).toEqual([id, true]);
      // what is said to hold is shown by a test or written down somewhere
      const shown = [...testsIn(evidence)].length + linksIn(evidence).length;
      if (verdict === 'met') expect([id, shown > 0]).toEqual([id, true]);
    }
  });

  it('quotes tests that exist', () => {
    const sources = new Map<string, string>();
    const missing: string[] = [];
    let quoted = 0;
    for (const { id, evidence } of rows) {
      for (const { file, title } of testsIn(evidence)) {
        quoted++;
        const path = join(ROOT, file);
        if (!sources.has(file)) sources.set(file, existsSync(path) ? readFileSync(path, 'utf8') : '');
        if (!sources.get(file)?.includes(title)) missing.push(`${id}: ${file} › "${title}"`);
      }
    }
    expect(missing).toEqual([]);
    expect(quoted).toBe(TEXT.match(/› "/g)?.length);
  });

  it('names files and sections that exist', () => {
    const named = [...TEXT.matchAll(/`([^`\s]+\/[^`\s]+\.(?:ts|md))`/g)].map(([, path = '']) => path);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const broken = linksIn(TEXT)
      .filter((to) => !to.startsWith('https:'))
      .filter((to) => {
        const [path = '', anchor] = to.split('#');
        const target = join(FOLDER, path);
        return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
      });
    expect(broken).toEqual([]);
  });

  it('counts its rows right', () => {
    const chapters = [...new Set(REQUIRED.map((id) => id.replace(/\..*/, ''))), 'all'];
    const counted = chapters.map((chapter) => {
      const own = rows.filter(({ id }) => chapter === 'all' || id.startsWith(`${chapter}.`));
      const counts = VERDICTS.map((verdict) => own.filter((row) => row.verdict === verdict).length);
      return [chapter, ...counts, own.length].join(' ');
    });
    const score = TEXT.split('\n').filter((line) => /^\| (?:V\d+|all) \|/.test(line));
    expect(score.map((line) => cellsOf(line).join(' '))).toEqual(counted);
  });
});
