/** What a variable may say about itself beside its name; `about` ends up in `.env.example`. */
export interface About {
  /** What it means, its unit and when one would change it. */
  about: string;
  /** Other names it is known by; the canonical name wins where both are given. */
  aliases?: readonly string[];
  /** A value worth showing in `.env.example` where there is no default. */
  example?: string;
}

/** One environment variable: how it is named, read and described. */
export interface Setting<T> extends About {
  readonly kind: 'setting';
  readonly name: string;
  /** For a person: `integer 0–65535`, `one of json, pretty`. */
  readonly type: string;
  /** As it would be written in the environment. */
  readonly fallback?: string;
  readonly required: boolean;
  readonly secret: boolean;
  /** The value where the environment gives none and the setting is not required. */
  readonly absent?: T;
  /** @throws SettingProblem */
  read(raw: string): T;
}

/** Settings that together make one value: `REDIS_HOST` and `REDIS_PORT` make a URL. */
export interface Derived<T> {
  readonly kind: 'derived';
  readonly shape: Shape;
  /** @throws SettingProblem */
  derive(values: unknown): T;
}

export interface Shape {
  readonly [key: string]: Setting<unknown> | Derived<unknown> | Shape;
}

/** The parsed form of a shape: groups nest as they were declared. */
export type Values<S> = {
  [K in keyof S]: S[K] extends Setting<infer T> ? T : S[K] extends Derived<infer T> ? T : Values<S[K]>;
};

/** Why one value is refused. The text never repeats a secret. */
export class SettingProblem extends Error {}

/** One value out of several settings. `derive` may throw a SettingProblem that names what does not fit together. */
export function derived<const S extends Shape, T>(shape: S, derive: (values: Values<S>) => T): Derived<T> {
  return { kind: 'derived', shape, derive: (values) => derive(values as Values<S>) };
}
