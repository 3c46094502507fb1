import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formsTable } from './forms-table';

// Prettier may pad cells: spaces say nothing.
const bare = (line: string) =>
  line
    .replace(/\s+/g, ' ')
    .replace(/ ?-+ ?/g, '-')
    .trim();

it('the table of the nineteen in the README is what the collector reads by', () => {
  const readme = readFileSync(join(__dirname, '../README.md'), 'utf8').split('\n').map(bare);
  const missing = formsTable().filter((line) => !readme.includes(bare(line)));
  expect(missing).toEqual([]);
});
