import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, requestContext, TenantId } from '@libs/kernel';
import { configureLogging, flushLogging, logger, writeForwarded } from './logger';
import { LoggingSettings } from './logging.settings';
import { NestLogger } from './nest-logger';
import { pretty } from './pretty';

interface Line {
  level: string;
  time: string;
  name: string;
  msg: string;
  [field: string]: unknown;
}

describe('the logger', () => {
  const early = logger('early'); // before anything is configured, as modules load
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'logs-'));
    configure();
  });
  afterEach(async () => {
    configureLogging({ level: 'silent', format: 'json', stdout: false, fileMegabytes: 1, files: 1 });
    await rm(dir, { recursive: true, maxRetries: 5 });
  });

  const configure = (settings: Partial<LoggingSettings> = {}): void =>
    configureLogging({
      level: 'info',
      format: 'json',
      stdout: false,
      dir,
      fileMegabytes: 1,
      files: 3,
      ...settings,
    });
  const lines = async (file = 'app.log'): Promise<Line[]> => {
    await flushLogging();
    const text = await readFile(join(dir, file), 'utf8');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);
  };

  it('writes level, time and name, also for a logger made before it was configured', async () => {
    early.info({ releaseId: 'r' }, 'release posted');
    const [line] = await lines();
    expect(line).toMatchObject({ level: 'info', name: 'early', releaseId: 'r', msg: 'release posted' });
    expect(new Date(line?.time ?? '').toISOString()).toBe(line?.time);
  });

  it('puts the request and the tenant on every line within a request, and nothing outside', async () => {
    const tenantId = newId<TenantId>();
    requestContext.run({ requestId: 'req-1', tenantId }, () => logger('a').info({ x: 1 }, 'inside'));
    requestContext.run({ requestId: 'req-2' }, () => logger('a').info('unauthenticated'));
    logger('a').info({ x: 1 }, 'outside');
    const [inside, unauthenticated, outside] = await lines();
    expect(inside).toMatchObject({ requestId: 'req-1', tenantId, x: 1 });
    expect(unauthenticated).toMatchObject({ requestId: 'req-2' });
    expect(unauthenticated).not.toHaveProperty('tenantId');
    expect(outside).not.toHaveProperty('requestId');
    expect(outside).not.toHaveProperty('tenantId');
  });

  it('puts errors and worse into error.log as well', async () => {
    for (const level of ['info', 'warn', 'error', 'fatal'] as const) logger('a')[level](level);
    expect((await lines()).map(({ msg }) => msg)).toEqual(['info', 'warn', 'error', 'fatal']);
    expect((await lines('error.log')).map(({ msg }) => msg)).toEqual(['error', 'fatal']);
  });

  it('heeds the level, for loggers made before and after', async () => {
    configure({ level: 'warn' });
    early.info('no');
    logger('later').info('no');
    logger('later').warn('yes');
    expect((await lines()).map(({ msg }) => msg)).toEqual(['yes']);
  });

  it('redacts messages, fields and failures with their causes', async () => {
    const failure = new Error('no user ana@padaria.com.br', { cause: new Error('CPF 529.982.247-25') });
    logger('a').error({ err: failure, password: 'hunter2', deep: { accessToken: 'abc' } }, 'for 52998224725');
    const [line] = await lines('error.log');
    const text = JSON.stringify(line);
    expect(text).not.toMatch(/ana@|529|hunter2|abc/);
    expect(line?.['err']).toMatchObject({ type: 'Error', message: expect.stringContaining('[email]') });
  });

  it('hands finished lines to another thread, which writes them as its own', async () => {
    const passed: [string, boolean][] = [];
    jest.isolateModules(() => {
      const other = jest.requireActual<typeof import('./logger')>('./logger');
      other.forwardLogging('info', (line, urgent) => passed.push([line, urgent]));
      other.logger('there').info({ password: 'hunter2' }, 'kept');
      other.logger('there').error('failed');
      other.logger('there').debug('not asked for');
    });
    for (const [line, urgent] of passed) writeForwarded(line, urgent);
    expect((await lines()).map(({ name, msg }) => [name, msg])).toEqual([
      ['there', 'kept'],
      ['there', 'failed'],
    ]);
    expect((await lines('error.log')).map(({ msg }) => msg)).toEqual(['failed']);
    expect(JSON.stringify(await lines())).not.toContain('hunter2');
  });

  it('rotates a file that grew too large and keeps as many as it was told', async () => {
    configure({ files: 2 });
    const filler = 'x'.repeat(1_000);
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 1_100; i++) logger('a').info({ filler, i, round });
      await flushLogging();
    }
    const files = (await readdir(dir)).filter((file) => file.endsWith('app.log'));
    expect(files.length).toBe(1 + 2);
    expect(await lines('error.log')).toEqual([]);
  });

  it('goes on when its folder cannot be written', async () => {
    const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const file = join(dir, 'a-file');
    await writeFile(file, '');
    configure({ dir: file });
    logger('a').error('lost');
    await flushLogging();
    await new Promise((resolve) => setTimeout(resolve, 50));
    logger('a').error('lost too');
    expect(told.mock.calls.map(([text]) => String(text)).join('')).toMatch(/app\.log .* cannot be written/);
    told.mockRestore();
  });

  it("takes Nest's lines, with context, stack and details", async () => {
    const nest = new NestLogger();
    nest.log('started', 'NestFactory');
    nest.log('mapped', 'Consumers');
    nest.error('failed', 'Error: failed\n    at x.ts:1:1', 'ExceptionsHandler');
    nest.warn(new Error('odd'), 'Consumers');
    nest.error({ code: 'x' });
    const all = await lines();
    expect(all.map(({ level, name, msg }) => [level, name, msg])).toEqual([
      ['info', 'Consumers', 'mapped'],
      ['error', 'ExceptionsHandler', 'failed'],
      ['warn', 'Consumers', 'odd'],
      ['error', 'nest', '{"code":"x"}'],
    ]);
    expect(all[1]?.['err']).toMatchObject({ stack: expect.stringContaining('x.ts:1:1') });
  });
});

it('prints a line for people', () => {
  const line = JSON.stringify({
    level: 'error',
    time: '2026-11-22T06:15:12.345Z',
    name: 'auth',
    userId: 'u',
    err: { stack: 'Error: x\n    at y' },
    msg: 'failed',
  });
  expect(pretty(line)).toBe('06:15:12.345 error auth: failed {"userId":"u"}\nError: x\n    at y\n');
});
