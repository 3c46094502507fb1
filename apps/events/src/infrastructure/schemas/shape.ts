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
  private readonly names: ReadonlySet<string>;

  /** `ignored` may be sent and is not looked at: it is the server's to say. */
  constructor(
    private readonly fields: readonly Field<T>[],
    ignored: readonly string[] = [],
  ) {
    this.names = new Set([...fields.map(({ from }) => from), ...ignored]);
  }

  /** Absent and null are one thing. */
  read(raw: unknown): T | Refusal {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return NOT_AN_OBJECT;
    const values = raw as Record<string, unknown>;
    for (const name of Object.keys(values)) if (!this.names.has(name)) return UNKNOWN.below(quotable(name));
    const into: Record<string, unknown> = {};
    for (const field of this.fields) {
      const value = values[field.from];
      if (value === undefined || value === null || (value === '' && field.blank)) {
        if (field.required) return MISSING.below(field.from);
      } else {
        const told = field.read(value);
        if (told instanceof Refusal) return told.below(field.from);
        into[field.to] = told;
      }
    }
    return into as T;
  }
}
