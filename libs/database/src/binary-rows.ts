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

/** @throws Error on anything else than what COPY sends of such columns */
export function binaryRows<Row extends object>(bytes: Buffer, columns: BinaryColumns<Row>): Row[] {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error('this is no binary COPY');
  const kinds = Object.entries<keyof BinaryTypes>(columns);
  const rows: Row[] = [];
  let at = HEADER + bytes.readInt32BE(HEADER - 4);
  for (;;) {
    const fields = bytes.readInt16BE(at);
    at += 2;
    if (fields === LAST) return rows;
    if (fields !== kinds.length) throw new Error(`${fields} columns came instead of ${kinds.length}`);
    const row: Record<string, unknown> = {};
    for (const [name, kind] of kinds) {
      const length = bytes.readInt32BE(at);
      at += 4;
      row[name] = length < 0 ? null : READ[kind](bytes.subarray(at, at + length));
      at += Math.max(0, length);
    }
    rows.push(row as Row);
  }
}
