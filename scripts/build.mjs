// Compiles apps, libs and scripts into dist with swc: only what changed since the last build, and removes what
// lost its source; and bundles the browser SDK. `npm start` calls it every time; when nothing changed it costs some
// milliseconds.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleSdk, SDK_SOURCES, sdkFingerprint } from './bundle-sdk.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCES = ['apps', 'libs', 'scripts'];
const ASSETS = ['assets', 'public'];
const MANIFEST = '.manifest.json';

/**
 * Brings `outDir` up to date with the sources under `root`.
 * @returns how many files were compiled and how many stale outputs were removed
 * @throws Error naming the files that do not compile
 */
export function build({ root = ROOT, outDir = join(root, 'dist') } = {}) {
  const present = SOURCES.filter((folder) => existsSync(join(root, folder)));
  const sdk = join(root, SDK_SOURCES);
  const sources = present
    .flatMap((folder) => sourcesUnder(join(root, folder)))
    .filter((path) => dirname(path) !== sdk);
  // An image may ship dist alone.
  if (sources.length === 0) return { compiled: 0, removed: 0 };
  const bundled = bundle(root, outDir);

  const toolchain = toolchainOf(root);
  const before = readManifest(outDir);
  const known = before.toolchain === toolchain ? before.files : {};
  const files = {};
  const stale = [];
  for (const source of sources) {
    const name = relative(root, source);
    const { mtimeMs, size } = statSync(source);
    files[name] = `${mtimeMs}:${size}`;
    if (known[name] !== files[name] || !existsSync(outputOf(outDir, name))) stale.push(name);
  }

  if (stale.length > 0) compile(root, outDir, stale);
  copyAssets(root, outDir);
  const removed = removeOrphans(outDir, new Set(Object.keys(files)));
  if (stale.length > 0 || removed > 0) {
    replaceFile(join(outDir, MANIFEST), JSON.stringify({ toolchain, files }));
  }
  return { compiled: stale.length + bundled, removed };
}

/** The browser SDK, which is not for Node, into `dist/public`. @returns how many files were written */
function bundle(root, outDir) {
  const folder = join(outDir, 'public');
  const mark = join(folder, '.sdk');
  const fingerprint = sdkFingerprint(root);
  if (fingerprint === undefined) return 0;
  if (existsSync(mark) && readFileSync(mark, 'utf8') === fingerprint) return 0;
  const files = bundleSdk(root);
  for (const { name, content } of files) replaceFile(join(folder, name), content);
  replaceFile(mark, fingerprint); // last: a build that is cut off is done again
  return files.length;
}

function sourcesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesUnder(path);
    const compiles = entry.name.endsWith('.ts') && !/\.(d|spec)\.ts$/.test(entry.name);
    return compiles ? [path] : [];
  });
}

/** What apps read or serve as it stands, in folders named so: beside the compiled code as beside the source. */
function copyAssets(root, outDir) {
  const apps = join(root, 'apps');
  if (!existsSync(apps)) return;
  for (const name of readdirSync(apps).flatMap((app) => ASSETS.map((folder) => join('apps', app, folder)))) {
    const [from, to] = [join(root, name), join(outDir, name)];
    if (!existsSync(from)) continue;
    for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const copy = join(to, relative(from, path));
      const content = readFileSync(path);
      if (!existsSync(copy) || !readFileSync(copy).equals(content)) replaceFile(copy, content);
    }
  }
}

/** What the outputs depend on besides their sources. */
function toolchainOf(root) {
  const lock = join(root, 'node_modules/@swc/core/package.json');
  const version = existsSync(lock) ? JSON.parse(readFileSync(lock, 'utf8')).version : 'none';
  return `${version}\n${readFileSync(join(root, '.swcrc'), 'utf8')}`;
}

function readManifest(outDir) {
  try {
    return JSON.parse(readFileSync(join(outDir, MANIFEST), 'utf8'));
  } catch {
    return { toolchain: undefined, files: {} }; // absent or torn: everything is compiled anew
  }
}

function outputOf(outDir, name) {
  return join(outDir, name.replace(/\.ts$/, '.js'));
}

function compile(root, outDir, names) {
  // Loaded here, not above: a start with nothing to compile need not pay for the compiler.
  const swc = createRequire(join(root, 'package.json'))('@swc/core');
  const failures = [];
  for (const name of names) {
    try {
      const { code, map } = swc.transformFileSync(join(root, name), { cwd: root, root });
      const output = outputOf(outDir, name);
      mkdirSync(dirname(output), { recursive: true });
      replaceFile(`${output}.map`, map);
      replaceFile(output, `${code}\n//# sourceMappingURL=${basename(output)}.map\n`);
    } catch (error) {
      failures.push(`${name}: ${error.message}`);
    }
  }
  if (failures.length > 0) throw new Error(`These files do not compile:\n\n${failures.join('\n')}`);
}

/** Two builds at once, or one that is killed, must leave whole files. */
function replaceFile(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

function isAsset(name) {
  return ASSETS.some((folder) => name.split(sep)[2] === folder);
}

function removeOrphans(outDir, names) {
  let removed = 0;
  for (const folder of SOURCES) {
    const top = join(outDir, folder);
    if (!existsSync(top)) continue;
    for (const entry of readdirSync(top, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.js')) continue;
      const path = join(entry.parentPath, entry.name);
      if (isAsset(relative(outDir, path)) || names.has(relative(outDir, path).replace(/\.js$/, '.ts')))
        continue;
      rmSync(path);
      rmSync(`${path}.map`, { force: true });
      removed += 1;
    }
  }
  return removed;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const started = Date.now();
  try {
    const { compiled, removed } = build();
    if (compiled + removed > 0) {
      console.log(`built ${compiled} files, removed ${removed} stale ones, in ${Date.now() - started} ms`);
    }
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
