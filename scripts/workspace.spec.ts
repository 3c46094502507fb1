import { VERSION } from '@libs/config';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');

interface NestProject {
  type: string;
  root: string;
  entryFile: string;
  sourceRoot: string;
}
const nest = json<{ projects: Record<string, NestProject> }>('nest-cli.json');
const tsconfig = json<{ compilerOptions: { paths: Record<string, string[]> } }>('tsconfig.json');
const pkg = json<{ version: string; scripts: Record<string, string> }>('package.json');
const apps = foldersOf('apps');
const libs = foldersOf('libs');

describe('the workspace', () => {
  it('has every app and lib in nest-cli.json, and nothing else there', () => {
    expect(Object.keys(nest.projects).sort()).toEqual([...apps, ...libs].sort());
  });

  it.each(apps)('knows apps/%s as an application that boots from main.ts and says what it is', (name) => {
    expect(nest.projects[name]).toEqual({
      type: 'application',
      root: `apps/${name}`,
      entryFile: 'main',
      sourceRoot: `apps/${name}/src`,
    });
    expect(existsSync(join(ROOT, `apps/${name}/src/main.ts`))).toBe(true);
    expect(existsSync(join(ROOT, `apps/${name}/README.md`))).toBe(true);
  });

  it.each(libs)('knows libs/%s as a library that is imported by its index alone', (name) => {
    expect(nest.projects[name]).toEqual({
      type: 'library',
      root: `libs/${name}`,
      entryFile: 'index',
      sourceRoot: `libs/${name}/src`,
    });
    expect(tsconfig.compilerOptions.paths[`@libs/${name}`]).toEqual([`./libs/${name}/src/index.ts`]);
    expect(existsSync(join(ROOT, `libs/${name}/src/index.ts`))).toBe(true);
  });

  it('has no path alias without a lib', () => {
    expect(Object.keys(tsconfig.compilerOptions.paths).sort()).toEqual(
      libs.map((name) => `@libs/${name}`).sort(),
    );
  });

  // `exec`: npm passes a signal to its shell alone, and a shell in between would die and leave the app running.
  it('starts every app alone by a script of its name', () => {
    const alone = apps.filter((name) => name !== 'platform');
    for (const name of alone) {
      expect(pkg.scripts[`start:${name}`]).toMatch(
        new RegExp(`^exec node (--\\S+ )?dist/apps/${name}/src/main\\.js$`),
      );
    }
  });

  it('says one version everywhere', () => {
    expect(VERSION).toBe(pkg.version);
  });

  it('runs from sources that exist', () => {
    const compiled = Object.values(pkg.scripts).flatMap((script) => script.match(/dist\/\S+\.js/g) ?? []);
    const missing = compiled
      .map((output) => output.replace(/^dist\/(.*)\.js$/, '$1.ts'))
      .filter((source) => !existsSync(join(ROOT, source)));
    expect(missing).toEqual([]);
  });
});

function json<T>(name: string): T {
  return JSON.parse(readFileSync(join(ROOT, name), 'utf8')) as T;
}

function foldersOf(name: string): string[] {
  return readdirSync(join(ROOT, name), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
