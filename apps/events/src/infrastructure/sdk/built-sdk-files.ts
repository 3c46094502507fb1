import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { SdkFile, SdkFileName, SdkFiles } from '../../application/sdk-files';
import { SdkNotBuilt } from '../../domain/sdk.errors';

// This file lies five folders below the build, or below the checkout when tests run the sources.
const ROOT = resolve(__dirname, '../../../../..');
const PUBLIC = basename(ROOT) === 'dist' ? join(ROOT, 'public') : join(ROOT, 'dist/public');

const TYPES: Record<SdkFileName, string> = {
  'moneyflow-tracking.js': 'text/javascript; charset=utf-8',
  'moneyflow-tracking.mjs': 'text/javascript; charset=utf-8',
  'moneyflow-tracking.d.ts': 'text/plain; charset=utf-8',
  'moneyflow-tracking.d.mts': 'text/plain; charset=utf-8',
};

/** What scripts/build.mjs bundled. Read and compressed once: a page of a customer waits for it. */
@Injectable()
export class BuiltSdkFiles extends SdkFiles {
  private readonly files = new Map<SdkFileName, SdkFile>();

  override file(name: SdkFileName): SdkFile {
    let file = this.files.get(name);
    if (!file) {
      const plain = contentOf(name);
      file = {
        type: TYPES[name],
        version: createHash('sha256').update(plain).digest('base64url').slice(0, 22),
        plain,
        gzip: gzipSync(plain, { level: constants.Z_BEST_COMPRESSION }),
        brotli: brotliCompressSync(plain),
      };
      this.files.set(name, file);
    }
    return file;
  }
}

function contentOf(name: SdkFileName): Buffer {
  try {
    return readFileSync(join(PUBLIC, name));
  } catch (error) {
    throw new SdkNotBuilt(error);
  }
}
