/** A file of a page, as it is sent to a browser. */
export interface PageFile {
  type: string;
  body: Buffer;
  /** Names the content: it changes whenever that does. */
  version: string;
}

/** The files of the page to try the SDK. */
export abstract class PageFiles {
  /** @throws PageFileNotFound */
  abstract file(name: string): PageFile;
}
