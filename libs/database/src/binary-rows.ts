/** What a column of a binary answer is. Whole numbers must be safe ones. */
export interface BinaryTypes {
  text: string;
  int4: number;
  int8: number;
  timestamptz: Date;
  bytea: Uint8Array;
}

/** By name, in the order of the select list; any may be null where `Row` says so. */
export type BinaryColumns<Row> = {
  readonly [Name in keyof Row]-?: {
    [Type in keyof BinaryTypes]: NonNullable<Row[Name]> extends BinaryTypes[Type] ? Type : never;
  }[keyof BinaryTypes];
};

/** Signature, flags and the length of what may follow them: PostgreSQL, COPY, binary format. */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const HEADER = SIGNATURE.length + 8;
const LAST = -1;
const EPOCH_MS = Date.UTC(2000, 0, 1);

const READ: { readonly [Type in keyof BinaryTypes]: (field: Buffer) => BinaryTypes[Type] } = {
  text: (field) => field.toString('utf8'),
  int4: (field) => field.readInt32BE(),
  int8: (field) => Number(field.readBigInt64BE()),
  timestamptz: (field) => new Date(EPOCH_MS + Math.floor(Number(field.readBigInt64BE()) / 1_000)),
  bytea: (field) => field,
};

/**
 * The row of one message of a COPY, which is always one row; the first one may have the header before it.
 * @returns undefined where there is none. @throws Error on anything else than what COPY sends of such columns
 */
export function binaryRow<Row extends object>(
  bytes: Buffer,
  columns: BinaryColumns<Row>,
  isFirst: boolean,
): Row | undefined {
  let at = isFirst ? afterHeader(bytes) : 0;
  if (at === bytes.length) return undefined;
  const fields = bytes.readInt16BE(at);
  if (fields === LAST) return undefined;
  at += 2;
  const kinds = Object.entries<keyof BinaryTypes>(columns);
  if (fields !== kinds.length) throw new Error(`${fields} columns came instead of ${kinds.length}`);
  const row: Record<string, unknown> = {};
  for (const [name, kind] of kinds) {
    const length = bytes.readInt32BE(at);
    at += 4;
    row[name] = length < 0 ? null : READ[kind](bytes.subarray(at, at + length));
    at += Math.max(0, length);
  }
  return row as Row;
}

function afterHeader(bytes: Buffer): number {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error('this is no binary COPY');
  return HEADER + bytes.readInt32BE(HEADER - 4);
}
