import { ReadValue } from './property-reader';
import { MISSING, NOT_AN_OBJECT, quotable, Refusal, UNKNOWN } from './refusal';

/** A field of an object: how clients call it, how we do. */
export interface Field<T> {
  from: string;
  to: keyof T & string;
  read: ReadValue;
  required?: true;
  /** Whether empty text is as good as none. */
  blank?: true;
}

/** An object whose every property is known, and what is made of it. */
export class Shape<T extends object> {
  /** Null for what may be sent and is not looked at. */
  private readonly fields: ReadonlyMap<string, Field<T> | null>;
  private readonly required: readonly string[];

  /** `ignored` is the server's to say. */
  constructor(fields: readonly Field<T>[], ignored: readonly string[] = []) {
    this.fields = new Map<string, Field<T> | null>([
      ...fields.map((field) => [field.from, field] as const),
      ...ignored.map((name) => [name, null] as const),
    ]);
    this.required = fields.filter(({ required }) => required).map(({ from }) => from);
  }

  /** Absent and null are one thing. One pass, in the client's order: the first thing wrong is told. */
  read(raw: unknown): T | Refusal {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return NOT_AN_OBJECT;
    const values = raw as Record<string, unknown>;
    const into: Record<string, unknown> = {};
    let missing = this.required.length;
    for (const name of Object.keys(values)) {
      const field = this.fields.get(name);
      if (field === undefined) return UNKNOWN.below(quotable(name));
      const value = values[name];
      if (field === null || value === undefined || value === null || (value === '' && field.blank)) continue;
      const told = field.read(value);
      if (told instanceof Refusal) return told.below(name);
      into[field.to] = told;
      if (field.required) missing--;
    }
    return missing === 0 ? (into as T) : this.missing(values);
  }

  private missing(values: Record<string, unknown>): Refusal {
    const name = this.required.find(
      (required) => values[required] === undefined || values[required] === null,
    );
    return MISSING.below(name ?? '');
  }
}
