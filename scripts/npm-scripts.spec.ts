import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { scripts } from '../package.json';

const ROOT = join(__dirname, '..');

describe('npm run test:…', () => {
  it.each(['test:unit', 'test:int', 'test:e2e'] as const)('%s takes a folder behind --', (name) => {
    const [, , ...options] = scripts[name].split(' '); // past NODE_OPTIONS and jest
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    const listed = execFileSync(process.execPath, [jest, ...options, 'apps/platform', '--listTests'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const files = listed.split('\n').filter((line) => line.startsWith(ROOT));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(file).toContain('apps/platform/');
  });
});
