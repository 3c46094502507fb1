import { isUuid, requestContext, TenantId, TenantTransaction } from '@libs/kernel';
import type { PoolClient } from 'pg';
import { ConnectionScopes, Scope } from './connection-scopes';
import { isReadOnly, translated } from './sql-errors';

/** One connection, held in asynchronous context; row-level security reads the tenants from `app.tenant_id(s)`. */
export class PostgresTenantTransaction extends TenantTransaction {
  constructor(private readonly scopes: ConnectionScopes) {
    super();
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return this.runFor([requestContext.tenantId()], work);
  }

  async runFor<T>(tenantIds: readonly TenantId[], work: () => Promise<T>): Promise<T> {
    const outer = this.scopes.current();
    // A scope that is over belongs to a caller that was not awaited; it starts anew.
    return outer && !outer.over ? this.join(outer, tenantIds, work) : this.open(tenantIds, work);
  }

  private async open<T>(tenantIds: readonly TenantId[], work: () => Promise<T>): Promise<T> {
    const begin = beginSql(tenantIds);
    const client = await this.connect();
    const scope: Scope = {
      client,
      tenants: new Set(tenantIds),
      afterCommit: [],
      atCommit: new Map(),
      failures: [],
      over: false,
    };
    // Without a listener a broken connection would end the process; the query under way rejects all the same.
    const broken = (error: Error): void => void scope.failures.push(error);
    client.on('error', broken);
    let result: T;
    try {
      await client.query(begin);
      result = await this.scopes.run(scope, async () => {
        const done = await work();
        if (scope.failures.length === 0) await writeLast(scope);
        return done;
      });
      await this.commit(scope);
    } catch (error) {
      const reusable = await this.rollback(scope);
      client.off('error', broken);
      client.release(!reusable || isReadOnly(error));
      throw translated(error);
    }
    client.off('error', broken);
    client.release();
    for (const hook of scope.afterCommit) hook();
    return result;
  }

  /** The outer transaction decides: if the nested work fails, nothing of the outer one commits either. */
  private async join<T>(scope: Scope, tenantIds: readonly TenantId[], work: () => Promise<T>): Promise<T> {
    const stranger = tenantIds.find((tenantId) => !scope.tenants.has(tenantId));
    if (stranger !== undefined) throw new Error('the open transaction is for other tenants');
    try {
      return await work();
    } catch (error) {
      scope.failures.push(error);
      throw error;
    }
  }

  private async connect(): Promise<PoolClient> {
    try {
      return await this.scopes.pool.connect();
    } catch (error) {
      throw translated(error);
    }
  }

  private async commit(scope: Scope): Promise<void> {
    scope.over = true;
    if (scope.failures.length > 0) throw scope.failures[0];
    const { command } = await scope.client.query('commit');
    // PostgreSQL answers COMMIT of an aborted transaction with ROLLBACK and no error.
    if (command !== 'COMMIT')
      throw new Error('rolled back: an SQL error was swallowed inside the transaction');
  }

  /** @returns whether the connection may go back to the pool */
  private async rollback(scope: Scope): Promise<boolean> {
    scope.over = true;
    try {
      await scope.client.query('rollback');
      return true;
    } catch {
      return false; // broken: the pool throws it away, and the server has rolled back by itself
    }
  }
}

async function writeLast({ atCommit }: Scope): Promise<void> {
  for (const [write, items] of atCommit) await write(items);
}

/** BEGIN and both settings in one round trip. */
function beginSql(tenantIds: readonly TenantId[]): string {
  return `begin; ${settingsSql(tenantIds)}`;
}

/** What row-level security reads, until the end of the transaction. The ids are checked to be UUIDs, so the text carries nothing else. */
export function settingsSql(tenantIds: readonly TenantId[]): string {
  if (!tenantIds.every(isUuid)) throw new Error('a tenant id is a lower-case UUID');
  const one = tenantIds.length === 1 ? tenantIds[0] : '';
  return `select set_config('app.tenant_id', '${one}', true), set_config('app.tenant_ids', '{${tenantIds.join(',')}}', true)`;
}
