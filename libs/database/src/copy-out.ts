import { escapeLiteral, Query } from 'pg';
import type { ClientBase } from 'pg';
import { BinaryColumns, binaryRows } from './binary-rows';

/** Hands over what COPY sends, which `pg` itself throws away. */
class CopyOut extends Query {
  readonly parts: Buffer[] = [];

  /** Called by the client for each message of data. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.parts.push(Buffer.from(chunk)); // the client reads on into the same memory
  }
}

/** Runs a query under COPY … TO STDOUT (FORMAT binary): the server sends bytes as they are, and nobody reads them as text. */
export async function copyOut<Row extends object>(
  client: Pick<ClientBase, 'query'>,
  sql: string,
  params: readonly unknown[],
  columns: BinaryColumns<Row>,
): Promise<Row[]> {
  const parts = await new Promise<Buffer[]>((resolve, reject) => {
    const text = `copy (${withConstants(sql, params)}) to stdout (format binary)`;
    const copying = new CopyOut(text, (error?: Error) => (error ? reject(error) : resolve(copying.parts)));
    client.query(copying);
  });
  return binaryRows(Buffer.concat(parts), columns);
}

/** COPY takes no parameters: $1, $2 … become constants, whatever they hold. Nothing else in `sql` may look like one. */
export function withConstants(sql: string, params: readonly unknown[]): string {
  return sql.replace(/\$(\d+)/g, (place, number: string) => {
    if (Number(number) < 1 || Number(number) > params.length) throw new Error(`${place} has no value`);
    return constant(params[Number(number) - 1]);
  });
}

function constant(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof Date) return escapeLiteral(value.toISOString());
  if (typeof value === 'number' || typeof value === 'bigint') return escapeLiteral(String(value));
  // to PostgreSQL a text ends there, and what comes after it would be no text any more
  if (typeof value !== 'string' || value.includes('\0')) throw new Error('no such value can be a constant');
  return escapeLiteral(value);
}
