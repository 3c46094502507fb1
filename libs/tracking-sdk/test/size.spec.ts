import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const PUBLIC = join(process.cwd(), 'dist/public');

describe('the built SDK', () => {
  it.each(['moneyflow-tracking.js', 'moneyflow-tracking.mjs'])('%s has at most 6 KB gzipped', (name) => {
    const content = readFileSync(join(PUBLIC, name));
    expect(gzipSync(content, { level: 9 }).length).toBeLessThanOrEqual(6_000);
  });

  it('runs under a policy without eval and inline code, and asks for no other file', () => {
    const content = readFileSync(join(PUBLIC, 'moneyflow-tracking.js'), 'utf8');
    expect(content).not.toMatch(/\beval\(|new Function|import\(|\.innerHTML|document\.write|\.style\b/);
  });

  it('is ES2018 as to its syntax', () => {
    const content = readFileSync(join(PUBLIC, 'moneyflow-tracking.js'), 'utf8');
    expect(content).not.toMatch(/\?\?|\?\.[A-Za-z_[(]|catch\{|#[a-z]+\s*[=(;]/);
  });
});
