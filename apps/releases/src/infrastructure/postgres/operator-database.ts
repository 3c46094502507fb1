import { OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** The read-only operator's view across tenants: it tells where dead letters are; moving them is the worker's role's. */
export class OperatorDatabase implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  query<Row>(sql: string, params: unknown[]): Promise<Row[]> {
    return this.dataSource.query<Row[]>(sql, params);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}
