import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { openApiDocs } from './docs/openapi-docs';

const FOLDER = resolve(__dirname, '../docs/openapi');

describe('docs/openapi', () => {
  it('holds what the applications serve; run `npm run docs` when this fails', async () => {
    const generated = await openApiDocs();
    expect([...generated.keys()].sort()).toEqual([
      'analytics.json',
      'auth.json',
      'consolidated.json',
      'events.json',
      'releases.json',
    ]);
    expect(existsSync(FOLDER) ? readdirSync(FOLDER).sort() : []).toEqual([...generated.keys()].sort());
    for (const [name, content] of generated) {
      expect(readFileSync(join(FOLDER, name), 'utf8')).toBe(content);
    }
  });

  it('declares every credential that a route names', () => {
    const names = readdirSync(FOLDER);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const { paths, components } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as OpenAPIObject;
      const declared = Object.keys(components?.securitySchemes ?? {});
      const asked = Object.values(paths)
        .flatMap((path) => [path.get, path.post, path.put, path.patch, path.delete])
        .flatMap((operation) => operation?.security ?? [])
        .flatMap((requirement) => Object.keys(requirement));
      expect(declared).toEqual(expect.arrayContaining(asked));
    }
  });
});
