import 'reflect-metadata';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { envExample } from './docs/env-example';
import { eventDocs } from './docs/event-docs';
import { everyConfig } from './docs/every-config';
import { openApiDocs } from './docs/openapi-docs';

// Runs from dist/scripts; the documents belong to the repository.
const ROOT = resolve(__dirname, '../..');

/** `npm run docs`: .env.example from the schemas, docs/events from libs/contracts, docs/openapi from the applications. */
async function main(): Promise<void> {
  writeFileSync(join(ROOT, '.env.example'), envExample(everyConfig()));
  replaceFolder(join(ROOT, 'docs/events'), eventDocs(ROOT));
  replaceFolder(join(ROOT, 'docs/openapi'), await openApiDocs());
}

/** Leaves exactly these files there: what has lost its source goes too. */
function replaceFolder(folder: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name));
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
  process.stdout.write(`${folder}: ${files.size} files\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exit(1);
  },
);
