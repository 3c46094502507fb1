// Bundles libs/tracking-sdk for browsers: a classic script, a module, and the types of both.
import { createRequire } from 'node:module';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const SDK_SOURCES = 'libs/tracking-sdk/src';

/** Counted up when what is below makes something else of the same sources. */
const RECIPE = 3;

/** Changes whenever a source or the bundler does; undefined where the sources are not there. */
export function sdkFingerprint(root) {
  const folder = join(root, SDK_SOURCES);
  if (!existsSync(join(folder, 'script.ts'))) return undefined;
  const stamps = readdirSync(folder)
    .sort()
    .map((name) => [name, statSync(join(folder, name))])
    .map(([name, { mtimeMs, size }]) => `${name}:${mtimeMs}:${size}`);
  const tools = ['esbuild', '@swc/core'].map(
    (tool) => JSON.parse(readFileSync(join(root, 'node_modules', tool, 'package.json'), 'utf8')).version,
  );
  return [RECIPE, ...tools, ...stamps].join('\n');
}

/** @returns {{name: string, content: string}[]} what belongs into dist/public */
export function bundleSdk(root) {
  const load = createRequire(join(root, 'package.json'));
  const [esbuild, swc] = [load('esbuild'), load('@swc/core')];
  const bundle = (entry, format) => {
    const { text } = esbuild.buildSync({
      absWorkingDir: root,
      entryPoints: [join(SDK_SOURCES, entry)],
      bundle: true,
      minify: true,
      write: false,
      format,
      platform: 'browser',
      target: 'es2018',
      charset: 'utf8',
      legalComments: 'none',
      tsconfigRaw: {},
    }).outputFiles[0];
    // esbuild makes one file of them, and swc a smaller one of that: 6 % of what goes over the wire.
    const made = swc.minifySync(text, {
      compress: { ecma: 2018, passes: 3 },
      mangle: true,
      module: format === 'esm',
      format: { ecma: 2018 },
    });
    return made.code;
  };
  return [
    { name: 'moneyflow-tracking.js', content: bundle('script.ts', 'iife') },
    { name: 'moneyflow-tracking.mjs', content: bundle('index.ts', 'esm') },
    // TypeScript looks for the types of an .mjs under .d.mts alone.
    ...['moneyflow-tracking.d.ts', 'moneyflow-tracking.d.mts'].map((name) => ({
      name,
      content: readFileSync(join(root, SDK_SOURCES, 'api.ts'), 'utf8'),
    })),
  ];
}
