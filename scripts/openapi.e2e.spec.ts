import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openApiDocs } from './docs/openapi-docs';

const FOLDER = resolve(__dirname, '../docs/openapi');

describe('docs/openapi', () => {
  it('holds what the applications serve; run `npm run docs` when this fails', async () => {
    const generated = await openApiDocs();
    expect([...generated.keys()].sort()).toEqual(['auth.json', 'consolidated.json', 'releases.json']);
    expect(existsSync(FOLDER) ? readdirSync(FOLDER).sort() : []).toEqual([...generated.keys()].sort());
    for (const [name, content] of generated) {
      expect(readFileSync(join(FOLDER, name), 'utf8')).toBe(content);
    }
  });
});
