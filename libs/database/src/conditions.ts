/** Conditions of a query that grows with what is asked for, and its parameters. */
export class Conditions {
  readonly params: unknown[] = [];
  private readonly all: string[] = [];

  /** `sql` of its parameters' places; skipped where the first value is undefined. */
  where(sql: (...places: string[]) => string, ...values: readonly unknown[]): this {
    if (values[0] !== undefined) this.all.push(sql(...values.map((value) => this.place(value))));
    return this;
  }

  place(value: unknown): string {
    return `$${this.params.push(value instanceof Date ? value.toISOString() : value)}`;
  }

  get sql(): string {
    return this.all.join(' and ');
  }
}
