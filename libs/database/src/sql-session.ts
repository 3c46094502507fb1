import { TenantId } from '@libs/kernel';
import { BinaryColumns } from './binary-rows';

/**
 * Speaks SQL on the connection of the open transaction; outside one, on any connection of the pool, where row-level
 * security shows no tenant's rows. What repositories and readers inject.
 */
export abstract class SqlSession {
  /**
   * Runs one statement and gives its rows (those of RETURNING for a write).
   * @throws DatabaseUnavailable when PostgreSQL is away or asks for another try; otherwise what `pg` threw
   */
  abstract query<Row extends object = Record<string, unknown>>(
    sql: string,
    params?: readonly unknown[],
  ): Promise<Row[]>;

  /**
   * Runs a query in the open transaction and takes its rows in binary form: for many bytes at once, which as text would cost the server,
   * the driver and the reader as much again. Parameters are texts, numbers, dates and null, of the types that their places have.
   * @param take is given each row as it comes; bytes in it are good until `take` returns
   * @throws DatabaseUnavailable as `query` does; Error outside a transaction
   */
  abstract queryBinary<Row extends object>(
    sql: string,
    params: readonly unknown[],
    columns: BinaryColumns<Row>,
    take: (row: Row) => void,
  ): Promise<void>;

  /**
   * Reads by one statement for one tenant, in a transaction of its own and one round trip, whatever transaction is open.
   * @param params as those of `queryBinary`
   * @throws DatabaseUnavailable as `query` does
   */
  abstract queryAlone<Row extends object>(
    tenantId: TenantId,
    sql: string,
    params: readonly unknown[],
  ): Promise<Row[]>;

  /**
   * Calls `work` once the open transaction has committed; at once outside one. For waking things up, never for
   * effects that must happen: a crash skips it.
   */
  abstract afterCommit(work: () => void): void;

  /**
   * Has `write` write `item` as the last thing of the open transaction, with every other item that was given to the
   * same function: one statement for all, and a lock that it takes is held no longer than the commit lasts. When it
   * rejects, nothing commits.
   * @throws Error outside a transaction
   */
  abstract atCommit<Item>(item: Item, write: (items: readonly Item[]) => Promise<void>): void;
}
