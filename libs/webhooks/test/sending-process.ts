import 'reflect-metadata';
import type { TestDatabase } from '@libs/testing';
import { openWorker } from './hooks';

/** A sender in a process of its own, which may die. DATABASE_URL is the worker's role. */
async function main(): Promise<void> {
  const url = process.env['DATABASE_URL'] ?? '';
  const database: TestDatabase = { adminUrl: '', urlFor: () => url, drop: async () => undefined };
  const worker = await openWorker(database);
  await worker.start();
  process.once('SIGTERM', () => void worker.close().then(() => process.exit(0)));
}

void main();
