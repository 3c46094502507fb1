/** A file for browsers, as it stands and compressed. */
export interface SdkFile {
  type: string;
  /** Names the content: it changes with every build that differs. */
  version: string;
  plain: Buffer;
  gzip: Buffer;
  brotli: Buffer;
}

export type SdkFileName =
  'moneyflow-tracking.js' | 'moneyflow-tracking.mjs' | 'moneyflow-tracking.d.ts' | 'moneyflow-tracking.d.mts';

/** The browser SDK as it was built. */
export abstract class SdkFiles {
  /** @throws SdkNotBuilt */
  abstract file(name: SdkFileName): SdkFile;
}
