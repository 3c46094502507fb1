// Bundles libs/tracking-sdk for browsers: a classic script, a module, and the types of both.
import { createRequire } from 'node:module';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const SDK_SOURCES = 'libs/tracking-sdk/src';

/** Changes whenever a source or the bundler does; undefined where the sources are not there. */
export function sdkFingerprint(root) {
  const folder = join(root, SDK_SOURCES);
  if (!existsSync(join(folder, 'script.ts'))) return undefined;
  const stamps = readdirSync(folder)
    .sort()
    .map((name) => [name, statSync(join(folder, name))])
    .map(([name, { mtimeMs, size }]) => `${name}:${mtimeMs}:${size}`);
  const bundler = JSON.parse(readFileSync(join(root, 'node_modules/esbuild/package.json'), 'utf8')).version;
  return [bundler, ...stamps].join('\n');
}

/** @returns {{name: string, content: string}[]} what belongs into dist/public */
export function bundleSdk(root) {
  const esbuild = createRequire(join(root, 'package.json'))('esbuild');
  const bundle = (entry, format) =>
    esbuild.buildSync({
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
    }).outputFiles[0].text;
  return [
    { name: 'moneyflow-tracking.js', content: bundle('script.ts', 'iife') },
    { name: 'moneyflow-tracking.mjs', content: bundle('index.ts', 'esm') },
    { name: 'moneyflow-tracking.d.ts', content: readFileSync(join(root, SDK_SOURCES, 'api.ts'), 'utf8') },
  ];
}
