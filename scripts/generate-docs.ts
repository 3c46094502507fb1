import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { envExample } from './docs/env-example';
import { eventDocs } from './docs/event-docs';
import { everyConfig } from './docs/every-config';

// Runs from dist/scripts; the documents belong to the repository.
const ROOT = resolve(__dirname, '../..');

replaceFolder(join(ROOT, 'docs/events'), eventDocs(ROOT));
writeFileSync(join(ROOT, '.env.example'), envExample(everyConfig()));

/** Leaves exactly these files there: the schema of a contract that is gone goes too. */
function replaceFolder(folder: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name));
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
  process.stdout.write(`${folder}: ${files.size} files\n`);
}
