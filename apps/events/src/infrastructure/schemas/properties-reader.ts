import { EventForm } from '../../domain/event-forms/property-form';
import { readerOf, ReadValue } from './property-reader';
import { MISSING, NOT_AN_OBJECT, quotable, Refusal, TOO_DEEP } from './refusal';

/** Names at the top of `properties`. */
const MAX_NAMES = 256;
const MAX_NAME_LENGTH = 128;
/** Levels below `properties`; with those above, the 32 of a request's body. */
const MAX_LEVELS = 28;

const TOO_MANY = new Refusal('too_many_properties', `must have at most ${MAX_NAMES} properties`);
const NAME_TOO_LONG = new Refusal('name_too_long', `must be named by at most ${MAX_NAME_LENGTH} characters`);
const LOSES_DIGITS = new Refusal(
  'number_out_of_range',
  'must lie within ±(2^53 − 1), beyond which digits are lost; send it as text',
);
const FORBIDDEN = new Refusal('forbidden_key', 'is not accepted as a name');

type Properties = Record<string, unknown>;

interface Known {
  read: ReadValue;
  required: boolean;
}

/** Reads the `properties` of one type: what the type knows by its form, anything else as it comes. */
export class PropertiesReader {
  private readonly known: Map<string, Known>;
  private readonly required: readonly string[];

  constructor(form: EventForm) {
    const entries = Object.entries(form.properties);
    this.known = new Map(
      entries.map(([name, told]) => [name, { read: readerOf(told), required: told.required === true }]),
    );
    this.required = entries.filter(([, told]) => told.required).map(([name]) => name);
  }

  /** Leaves `raw` as it is: a rejected event is kept as it was sent. */
  read(raw: unknown = {}): Properties | Refusal {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return NOT_AN_OBJECT;
    const names = Object.keys(raw);
    if (names.length > MAX_NAMES) return TOO_MANY;
    let properties = raw as Properties;
    let missing = this.required.length;
    for (let at = 0; at < names.length; at++) {
      const name = names[at] as string;
      const value = (raw as Properties)[name];
      const known = this.known.get(name);
      if (known === undefined) {
        const refusal = this.open(name, value, 0);
        if (refusal !== undefined) return refusal.below(quotable(name));
      } else if (value === null) {
        // null is how some clients say that there is none
        if (properties === raw) properties = { ...raw };
        delete properties[name];
      } else {
        const told = known.read(value);
        if (told instanceof Refusal) return told.below(name);
        if (told !== value) {
          if (properties === raw) properties = { ...raw };
          properties[name] = told;
        }
        if (known.required) missing--;
      }
    }
    return missing === 0 ? properties : this.missing(raw as Properties);
  }

  private missing(raw: Properties): Refusal {
    const name = this.required.find((required) => raw[required] === undefined || raw[required] === null);
    return MISSING.below(name ?? '');
  }

  // Names are looked at where nothing else is known of a value.
  private open(name: string, value: unknown, level: number): Refusal | undefined {
    // assigned to an object, it would become that object's prototype
    if (name === '__proto__') return FORBIDDEN;
    if (name.length > MAX_NAME_LENGTH) return NAME_TOO_LONG;
    return this.value(value, level);
  }

  private value(value: unknown, level: number): Refusal | undefined {
    if (typeof value === 'number')
      return Math.abs(value) > Number.MAX_SAFE_INTEGER ? LOSES_DIGITS : undefined;
    return typeof value === 'object' && value !== null ? this.inside(value, level + 1) : undefined;
  }

  private inside(value: object, level: number): Refusal | undefined {
    if (level > MAX_LEVELS) return TOO_DEEP;
    if (Array.isArray(value)) {
      for (const item of value as unknown[]) {
        const refusal = this.value(item, level);
        if (refusal !== undefined) return refusal;
      }
      return undefined;
    }
    for (const [name, item] of Object.entries(value)) {
      const refusal = this.open(name, item, level);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }
}
