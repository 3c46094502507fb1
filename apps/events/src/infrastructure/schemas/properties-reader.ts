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
const FORBIDDEN = new Refusal('forbidden_key', 'is not accepted as a name');

type Properties = Record<string, unknown>;

/** What was read, and about how many characters of text it has. */
export interface ReadProperties {
  properties: Properties;
  characters: number;
}

interface Known {
  read: ReadValue;
  required: boolean;
}

const NOTHING: Properties = {};

/** Reads the `properties` of one type: what the type knows by its form, anything else as it comes. */
export class PropertiesReader {
  private readonly known: Map<string, Known>;
  private readonly required: readonly string[];
  private characters = 0;

  constructor(form: EventForm) {
    const entries = Object.entries(form.properties);
    this.known = new Map(
      entries.map(([name, told]) => [name, { read: readerOf(told), required: told.required === true }]),
    );
    this.required = entries.filter(([, told]) => told.required).map(([name]) => name);
  }

  /** Leaves `raw` as it is: a rejected event is kept as it was sent. */
  read(raw: unknown): ReadProperties | Refusal {
    if (raw === undefined || raw === null) return this.required.length === 0 ? this.empty() : this.missing();
    if (typeof raw !== 'object' || Array.isArray(raw)) return NOT_AN_OBJECT;
    const names = Object.keys(raw);
    if (names.length > MAX_NAMES) return TOO_MANY;
    this.characters = 0;
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
        this.characters += name.length + (typeof told === 'string' ? told.length : 16);
        if (known.required) missing--;
      }
    }
    return missing === 0 ? { properties, characters: this.characters } : this.missing(raw as Properties);
  }

  private empty(): ReadProperties {
    return { properties: { ...NOTHING }, characters: 0 };
  }

  private missing(raw: Properties = NOTHING): Refusal {
    const name = this.required.find((required) => raw[required] === undefined || raw[required] === null);
    return MISSING.below(name ?? '');
  }

  private open(name: string, value: unknown, level: number): Refusal | undefined {
    // assigned to an object, it would become that object's prototype
    if (name === '__proto__') return FORBIDDEN;
    if (name.length > MAX_NAME_LENGTH) return NAME_TOO_LONG;
    this.characters += name.length;
    return this.walk(value, level);
  }

  private walk(value: unknown, level: number): Refusal | undefined {
    if (typeof value === 'string') this.characters += value.length;
    else if (typeof value !== 'object' || value === null) this.characters += 24;
    else if (level >= MAX_LEVELS) return TOO_DEEP;
    else if (Array.isArray(value)) {
      this.characters += value.length;
      for (let at = 0; at < value.length; at++) {
        const refusal = this.walk(value[at], level + 1);
        if (refusal !== undefined) return refusal;
      }
    } else {
      for (const name of Object.keys(value)) {
        const refusal = this.open(name, (value as Properties)[name], level + 1);
        if (refusal !== undefined) return refusal;
      }
    }
    return undefined;
  }
}
