import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { PageFile, PageFiles } from '../../application/page-files';
import { PageFileNotFound } from '../../domain/page.errors';

const FOLDER = join(__dirname, '../../../public/test');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The files under `public/test`, read when the first of them is asked for. A name is looked up and never made a path. */
@Injectable()
export class PublicPageFiles extends PageFiles {
  private files?: ReadonlyMap<string, PageFile>;

  override file(name: string): PageFile {
    this.files ??= readFolder();
    const file = this.files.get(name);
    if (file === undefined) throw new PageFileNotFound();
    return file;
  }
}

function readFolder(): Map<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(FOLDER)) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const body = readFileSync(join(FOLDER, name));
    const version = createHash('sha256').update(body).digest('base64url').slice(0, 22);
    files.set(name, { type, body, version });
  }
  return files;
}
