import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { OutgoingMessage } from '@libs/kernel';

/** Values are JSON texts on one line each, so a line break parts them. */
const BREAK = 0x0a;
/** Below this a row stays JSON: little to gain, and an operator can read it in psql. */
const WORTH_PACKING = 4_096;
/** 1.3 GB/s here, a tenth of the size of events; higher levels cost more than the disk that they save. */
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** A row of the usual size comes out in one piece: pieces are put together at a price. */
const WHOLE = { chunkSize: 288 * 1024 };
/** The longest UTF-8 of one UTF-16 unit. */
const BYTES_PER_UNIT = 3;

// A new buffer of this size for each row would be memory that the system maps, clears and takes back each time, which
// costs twice what compressing does. Nothing is awaited between filling it and reading it.
let scratch = Buffer.allocUnsafeSlow(1024 * 1024);

/**
 * The values of a row's messages in one zstd frame; keys are not kept, since no reader of the log asks for them.
 * @returns undefined where the messages must or should stay JSON: headers (dead letters), line breaks, small rows
 */
export function packed(messages: readonly OutgoingMessage[]): Buffer | undefined {
  let units = 0;
  for (const { value, headers } of messages) {
    if (headers !== undefined || value.includes('\n')) return undefined;
    units += value.length;
  }
  if (units < WORTH_PACKING) return undefined;
  const room = units * BYTES_PER_UNIT + messages.length;
  if (scratch.length < room) scratch = Buffer.allocUnsafeSlow(room);
  let end = 0;
  for (const { value } of messages) {
    end += scratch.write(value, end);
    scratch[end++] = BREAK;
  }
  return zstdCompressSync(scratch.subarray(0, end - 1), LEVEL);
}

/** The values that went into `packed`. */
export function unpacked(row: Buffer): string[] {
  const bytes = zstdDecompressSync(row, WHOLE);
  const values: string[] = [];
  for (let from = 0; from <= bytes.length;) {
    const next = bytes.indexOf(BREAK, from);
    const end = next < 0 ? bytes.length : next;
    values.push(bytes.toString('utf8', from, end));
    from = end + 1;
  }
  return values;
}
