import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logger } from '@libs/logging';
import { DemoSession } from './demo-session';

const FILE = 'demo-write-key';

/** The write key that the test page gets by itself: none but the demo company's, and only where that is on show. */
export class DemoWriteKey {
  private text?: string;

  get writeKey(): string | undefined {
    return this.text;
  }

  /**
   * Takes the key out of the data folder, or has one made. A company whose owner took another password meanwhile has
   * none: that is no reason not to start.
   */
  async open(folder: string, baseUrl: string): Promise<void> {
    const path = join(folder, FILE);
    try {
      if (!existsSync(path)) {
        const { key } = await (await DemoSession.open(baseUrl)).makeWriteKey('Página de teste do SDK');
        writeFileSync(`${path}.tmp`, key, { mode: 0o600, flush: true });
        renameSync(`${path}.tmp`, path);
      }
      this.text = readFileSync(path, 'utf8').trim();
    } catch (error) {
      logger('platform').warn({ err: error }, 'the test page has no write key of the demo company');
    }
  }
}
