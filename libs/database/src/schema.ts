import type { MigrationInterface } from 'typeorm';

/** A TypeORM migration class; its name ends in a 13-digit timestamp, `CreateReleases1795300000000`. */
export type Migration = new () => MigrationInterface;

/** One bounded context's schema: its name, its migrations in order, and the roles that may enter it. */
export interface SchemaDefinition {
  readonly name: string;
  readonly migrations: readonly Migration[];
  /** Roles that get USAGE on the schema; what they may do to each table is the migrations' business. */
  readonly roles: readonly string[];
}

/** @throws Error when the name is not a plain identifier */
export function defineSchema(definition: SchemaDefinition): SchemaDefinition {
  for (const name of [definition.name, ...definition.roles]) {
    if (!/^[a-z][a-z_]*$/.test(name)) throw new Error(`${name} is not a plain lower-case SQL identifier`);
  }
  return definition;
}
