import { stopTestServer } from './test-server';

/** Jest global teardown of the int and e2e projects; the first of them stops the server for both. */
export default async function globalTeardown(): Promise<void> {
  await stopTestServer();
}
