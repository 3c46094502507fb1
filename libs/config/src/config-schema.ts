import { Derived, Setting, SettingProblem, Shape, Values } from './setting';

type Environment = Record<string, string | undefined>;

/** Every variable that is missing or wrong, each by its name. Values of secrets are not in it. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`the environment is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
  override get name(): string {
    return 'ConfigError';
  }
}

/** What a process wants from its environment. */
export class ConfigSchema<T> {
  constructor(private readonly shape: Shape) {}

  /**
   * Reads and checks everything at once. An empty variable counts as absent (compose files write `X=`).
   * @throws ConfigError listing every bad or missing variable
   */
  parse(environment: Environment): T {
    const problems: string[] = [];
    const values = read(this.shape, environment, problems);
    if (problems.length > 0) throw new ConfigError(problems);
    return values as T;
  }

  /** Every variable with its group's path (`http`, `kafka.sasl`), in the order of declaration. */
  settings(): { path: readonly string[]; setting: Setting<unknown> }[] {
    return [...walk(this.shape, [])];
  }
}

/** The parsed type of a schema. */
export type ConfigOf<S> = S extends ConfigSchema<infer T> ? T : never;

/** Declares a process's environment. Groups nest: `{ http: httpSettings({ port: 3001 }), logging: loggingSettings() }`. */
export function defineConfig<const S extends Shape>(shape: S): ConfigSchema<Values<S>> {
  return new ConfigSchema<Values<S>>(shape);
}

function read(shape: Shape, environment: Environment, problems: string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, node] of Object.entries(shape)) {
    if (isSetting(node)) values[key] = readSetting(node, environment, problems);
    else if (isDerived(node)) values[key] = readDerived(node, environment, problems);
    else values[key] = read(node, environment, problems);
  }
  return values;
}

function readSetting(setting: Setting<unknown>, environment: Environment, problems: string[]): unknown {
  const name = [setting.name, ...(setting.aliases ?? [])].find((each) => environment[each]?.trim());
  if (name === undefined) {
    if (setting.required) problems.push(`${setting.name} is missing: ${setting.type}. ${setting.about}`);
    return setting.absent;
  }
  return guarded(problems, name, () => setting.read((environment[name] ?? '').trim()));
}

function readDerived(node: Derived<unknown>, environment: Environment, problems: string[]): unknown {
  const before = problems.length;
  const values = read(node.shape, environment, problems);
  if (problems.length > before) return undefined;
  const names = [...walk(node.shape, [])].map(({ setting }) => setting.name);
  return guarded(problems, names.join(', '), () => node.derive(values));
}

function guarded(problems: string[], name: string, work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SettingProblem)) throw error;
    problems.push(`${name} ${error.message}`);
    return undefined;
  }
}

function* walk(
  shape: Shape,
  path: readonly string[],
): Generator<{ path: readonly string[]; setting: Setting<unknown> }> {
  for (const [key, node] of Object.entries(shape)) {
    if (isSetting(node)) yield { path, setting: node };
    else if (isDerived(node)) yield* walk(node.shape, [...path, key]);
    else yield* walk(node, [...path, key]);
  }
}

// A group may well have a key named `kind`; only these two hold such a string there.
function isSetting(node: Shape[string]): node is Setting<unknown> {
  return (node as { kind?: unknown }).kind === 'setting';
}
function isDerived(node: Shape[string]): node is Derived<unknown> {
  return (node as { kind?: unknown }).kind === 'derived';
}
