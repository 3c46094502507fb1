import { TenantId } from '@libs/kernel';
import type { QueryResult } from 'pg';
import { BinaryColumns } from './binary-rows';
import { ConnectionScopes, LastWrite, Scope } from './connection-scopes';
import { copyOut, withConstants } from './copy-out';
import { settingsSql } from './postgres-tenant-transaction';
import { translated } from './sql-errors';
import { SqlSession } from './sql-session';

export class ScopedSqlSession extends SqlSession {
  constructor(private readonly scopes: ConnectionScopes) {
    super();
  }

  async query<Row extends object>(sql: string, params?: readonly unknown[]): Promise<Row[]> {
    const scope = this.openScope();
    try {
      const result = await (scope?.client ?? this.scopes.pool).query<Row>(
        sql,
        params as unknown[] | undefined,
      );
      return result.rows;
    } catch (error) {
      throw translated(error);
    }
  }

  async queryBinary<Row extends object>(
    sql: string,
    params: readonly unknown[],
    columns: BinaryColumns<Row>,
    take: (row: Row) => void,
  ): Promise<void> {
    const scope = this.openScope();
    if (!scope) throw new Error('there is no open transaction to read in');
    try {
      await copyOut(scope.client, sql, params, columns, take);
    } catch (error) {
      throw translated(error);
    }
  }

  async queryAlone<Row extends object>(
    tenantId: TenantId,
    sql: string,
    params: readonly unknown[],
  ): Promise<Row[]> {
    // Several statements in one message are one transaction without being told so, and the last one's rows are the answer.
    const text = `set transaction read only; ${settingsSql([tenantId])}; ${withConstants(sql, params)}`;
    try {
      const results: unknown = await this.scopes.pool.query(text);
      return (results as QueryResult<Row>[]).at(-1)?.rows ?? [];
    } catch (error) {
      throw translated(error);
    }
  }

  afterCommit(work: () => void): void {
    const scope = this.scopes.current();
    if (scope && !scope.over) scope.afterCommit.push(work);
    else work();
  }

  atCommit<Item>(item: Item, write: (items: readonly Item[]) => Promise<void>): void {
    const scope = this.scopes.current();
    if (!scope || scope.over) throw new Error('there is no open transaction whose commit could write this');
    const key = write as LastWrite;
    const items = scope.atCommit.get(key);
    if (items) items.push(item);
    else scope.atCommit.set(key, [item]);
  }

  private openScope(): Scope | undefined {
    const scope = this.scopes.current();
    if (scope?.over) throw new Error('the transaction is over: await every query inside it');
    return scope;
  }
}
