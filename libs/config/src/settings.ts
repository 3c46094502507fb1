import { About, Setting, SettingProblem } from './setting';

interface Options<T> extends About {
  default?: T;
  /** Absent is fine and reads as undefined. */
  optional?: boolean;
  /** Never shown, neither in an error nor in `.env.example`. */
  secret?: boolean;
}
/** Undefined is a possible value only where the declaration says `optional` (and gives no default). */
type Value<T, O> = O extends { optional: true } ? T | undefined : T;

export interface StringOptions extends Options<string> {
  pattern?: RegExp;
  minLength?: number;
}
export interface IntegerOptions extends Options<number> {
  min?: number;
  max?: number;
}
export interface UrlOptions extends Options<string> {
  /** `['postgres', 'postgresql']`; any where absent. */
  protocols?: readonly string[];
}

export function string<const O extends StringOptions>(name: string, options: O): Setting<Value<string, O>> {
  return setting<string, O>(name, 'text', options, String, (raw) => {
    if (options.minLength && raw.length < options.minLength)
      throw new SettingProblem(`must have at least ${options.minLength} characters`);
    if (options.pattern && !options.pattern.test(raw))
      throw new SettingProblem(`must match ${options.pattern.source}`);
    return raw;
  });
}

export function integer<const O extends IntegerOptions>(name: string, options: O): Setting<Value<number, O>> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = options;
  const bounds =
    options.max !== undefined
      ? ` ${options.min ?? ''}–${options.max}`
      : options.min !== undefined
        ? ` ≥${min}`
        : '';
  return setting<number, O>(name, `integer${bounds}`, options, String, (raw) => {
    const value = Number(raw);
    if (!/^[+-]?\d+$/.test(raw) || !Number.isSafeInteger(value))
      throw new SettingProblem('must be a whole number');
    if (value < min) throw new SettingProblem(`must be at least ${min}`);
    if (value > max) throw new SettingProblem(`must be at most ${max}`);
    return value;
  });
}

export function boolean<const O extends Options<boolean>>(
  name: string,
  options: O,
): Setting<Value<boolean, O>> {
  return setting<boolean, O>(name, 'true or false', options, String, (raw) => {
    if (/^(true|1)$/i.test(raw)) return true;
    if (/^(false|0)$/i.test(raw)) return false;
    throw new SettingProblem('must be true or false');
  });
}

/** Comma separated; blanks around and empty items are dropped. */
export function list<const O extends Options<readonly string[]>>(
  name: string,
  options: O,
): Setting<Value<readonly string[], O>> {
  const split = (raw: string): readonly string[] =>
    raw
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  return setting<readonly string[], O>(
    name,
    'comma-separated list',
    options,
    (items) => items.join(','),
    (raw) => {
      const items = split(raw);
      if (items.length === 0) throw new SettingProblem('must name at least one');
      return items;
    },
  );
}

/** An absolute URL, kept as text. Its value is never shown: it may carry a password. */
export function url<const O extends UrlOptions>(name: string, options: O): Setting<Value<string, O>> {
  const protocols = options.protocols?.map((protocol) => protocol.replace(/:.*$/, ''));
  const kind = protocols ? `URL (${protocols.map((protocol) => `${protocol}://`).join(', ')})` : 'URL';
  return setting<string, O>(name, kind, options, String, (raw) => {
    if (!URL.canParse(raw)) throw new SettingProblem(`must be a ${kind}`);
    if (protocols && !protocols.includes(new URL(raw).protocol.slice(0, -1)))
      throw new SettingProblem(`must be a ${kind}`);
    return raw;
  });
}

export function oneOf<const V extends readonly string[], const O extends Options<V[number]>>(
  name: string,
  values: V,
  options: O,
): Setting<Value<V[number], O>> {
  return setting<V[number], O>(name, `one of ${values.join(', ')}`, options, String, (raw) => {
    if (!values.includes(raw)) throw new SettingProblem(`must be one of ${values.join(', ')}`);
    return raw;
  });
}

function setting<T, O extends Options<T>>(
  name: string,
  type: string,
  options: O,
  write: (value: T) => string,
  read: (raw: string) => T,
): Setting<Value<T, O>> {
  return {
    kind: 'setting',
    name,
    type,
    about: options.about,
    aliases: options.aliases ?? [],
    example: options.example,
    fallback: options.default === undefined ? undefined : write(options.default),
    required: options.default === undefined && !options.optional,
    secret: options.secret ?? false,
    absent: options.default,
    read: read,
  };
}
