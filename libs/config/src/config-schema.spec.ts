import {
  boolean,
  ConfigError,
  ConfigOf,
  defineConfig,
  derived,
  integer,
  list,
  oneOf,
  SettingProblem,
  string,
  url,
} from './index';

const schema = defineConfig({
  port: integer('PORT', { default: 3001, min: 0, max: 65535, about: 'Where it listens.' }),
  http: {
    origins: list('CORS_ORIGINS', { default: [], aliases: ['CORS_ORIGIN'], about: 'Who may call.' }),
    strict: boolean('STRICT', { default: true, about: 'Whether.' }),
  },
  database: { url: url('DATABASE_URL', { protocols: ['postgres', 'postgresql'], about: 'Where.' }) },
  format: oneOf('FORMAT', ['json', 'pretty'], { default: 'json', about: 'How.' }),
  name: string('NAME', { optional: true, pattern: /^[a-z]+$/, about: 'Who.' }),
  secret: string('SECRET', { minLength: 8, secret: true, about: 'Hush.' }),
  redis: derived(
    {
      host: string('HOST', { optional: true, about: 'Where.' }),
      user: string('USER_NAME', { optional: true, about: 'Who.' }),
    },
    ({ host, user }) => {
      if (user && !host) throw new SettingProblem('need each other: give both or neither');
      return host && `redis://${host}`;
    },
  ),
});
const enough = { DATABASE_URL: 'postgres://u:p@h/d', SECRET: 'long enough' };
const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    schema.parse(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('defineConfig', () => {
  it('reads every type, nested as declared', () => {
    const config: ConfigOf<typeof schema> = schema.parse({
      ...enough,
      PORT: ' 8080 ',
      CORS_ORIGINS: 'https://a.example, https://b.example,',
      STRICT: 'false',
      FORMAT: 'pretty',
      NAME: 'ana',
      HOST: 'r',
    });
    expect(config).toEqual({
      port: 8080,
      http: { origins: ['https://a.example', 'https://b.example'], strict: false },
      database: { url: 'postgres://u:p@h/d' },
      format: 'pretty',
      name: 'ana',
      secret: 'long enough',
      redis: 'redis://r',
    });
  });

  it('falls back to defaults, for empty variables too', () => {
    const config = schema.parse({ ...enough, PORT: '', NAME: '  ', FORMAT: '' });
    expect(config).toMatchObject({ port: 3001, format: 'json', http: { origins: [], strict: true } });
    expect(config.name).toBeUndefined();
    expect(config.redis).toBeUndefined();
  });

  it('knows a variable by its alias, and prefers its own name', () => {
    expect(schema.parse({ ...enough, CORS_ORIGIN: 'https://a.example' }).http.origins).toEqual([
      'https://a.example',
    ]);
    const both = { ...enough, CORS_ORIGIN: 'https://a.example', CORS_ORIGINS: 'https://b.example' };
    expect(schema.parse(both).http.origins).toEqual(['https://b.example']);
  });

  it('names everything that is missing or wrong, at once', () => {
    const problems = problemsOf({ PORT: '80.5', STRICT: 'yes', FORMAT: 'xml', NAME: 'Ana', USER_NAME: 'x' });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'PORT',
      'STRICT',
      'DATABASE_URL',
      'FORMAT',
      'NAME',
      'SECRET',
      'HOST,',
    ]);
    expect(problems.join('\n')).toContain(
      'DATABASE_URL is missing: URL (postgres://, postgresql://). Where.',
    );
    expect(problems.at(-1)).toBe('HOST, USER_NAME need each other: give both or neither');
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '1e3'],
    ['PORT', '0x10'],
    ['PORT', '99999999999999999999'],
    ['DATABASE_URL', 'localhost'],
    ['DATABASE_URL', 'mysql://u:p@h/d'],
    ['SECRET', 'short'],
    ['CORS_ORIGINS', ' , '],
  ])('refuses %s=%s by its name', (name, value) => {
    const problems = problemsOf({ ...enough, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} must `));
  });

  it('never repeats a value: it may be a secret in the wrong place', () => {
    const problems = problemsOf({
      PORT: 'hunter2',
      DATABASE_URL: 'hunter2',
      SECRET: 'hunter',
      NAME: 'HUNTER2',
    });
    expect(problems).toHaveLength(4);
    expect(problems.join('\n')).not.toMatch(/hunter/i);
  });

  it('describes every variable with its group', () => {
    const described = schema.settings().map(({ path, setting }) => [...path, setting.name].join('.'));
    expect(described).toEqual([
      'PORT',
      'http.CORS_ORIGINS',
      'http.STRICT',
      'database.DATABASE_URL',
      'FORMAT',
      'NAME',
      'SECRET',
      'redis.HOST',
      'redis.USER_NAME',
    ]);
  });
});
