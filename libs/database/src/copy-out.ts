import { escapeLiteral, Query } from 'pg';
import type { ClientBase } from 'pg';
import { BinaryColumns, binaryRow } from './binary-rows';

/** Hands over what COPY sends, which `pg` itself throws away. */
class CopyOut extends Query {
  private fault: unknown;
  private begun = false;

  constructor(
    text: string,
    private readonly take: (message: Buffer, isFirst: boolean) => void,
    done: (error?: unknown) => void,
  ) {
    super(text, (error?: Error) => done(error ?? this.fault));
  }

  /** Called by the client for each message of data; an error thrown here would end the process. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.fault !== undefined) return;
    try {
      this.take(chunk, !this.begun);
      this.begun = true;
    } catch (error) {
      this.fault = error;
    }
  }
}

/**
 * Runs a query under COPY … TO STDOUT (FORMAT binary): the server sends bytes as they are, and nobody reads them as text.
 * @param take is given each row as it comes. Its bytes are the driver's own and good until `take` returns: copies of all of them
 * would have the collector of garbage at work more than anything else.
 */
export async function copyOut<Row extends object>(
  client: Pick<ClientBase, 'query'>,
  sql: string,
  params: readonly unknown[],
  columns: BinaryColumns<Row>,
  take: (row: Row) => void,
): Promise<void> {
  const text = `copy (${withConstants(sql, params)}) to stdout (format binary)`;
  await new Promise<void>((resolve, reject) => {
    const taken = (message: Buffer, isFirst: boolean): void => {
      const row = binaryRow(message, columns, isFirst);
      if (row) take(row);
    };
    const done = (error?: unknown): void =>
      error === undefined || error === null
        ? resolve()
        : reject(
            error instanceof Error ? error : new Error('what took a row threw no error', { cause: error }),
          );
    client.query(new CopyOut(text, taken, done));
  });
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
