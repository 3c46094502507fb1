import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EmbeddedServiceError } from './embedded-service-error';
import { EmbeddedPostgres, EmbeddedPostgresOptions, startEmbeddedPostgres } from './postgres';
import { livingPostmaster } from './postgres-postmaster';

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? it : it.skip;

describe('startEmbeddedPostgres', () => {
  let template: string;
  let folder: string;
  let running: EmbeddedPostgres[];

  // Made once: a copy of a stopped cluster is a cluster.
  beforeAll(async () => {
    template = mkdtempSync(join(tmpdir(), 'moneyflow-embedded-'));
    chmodSync(template, 0o755);
    const server = await startEmbeddedPostgres({
      dataDir: join(template, 'data'),
      settings: { fsync: 'off' },
    });
    await server.stop();
  });
  afterAll(() => rmSync(template, { recursive: true, force: true }));
  const haveData = () => execFileSync('cp', ['-a', join(template, 'data'), join(folder, 'data')]);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moneyflow-embedded-'));
    chmodSync(folder, 0o755);
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> => {
    const server = await startEmbeddedPostgres({
      dataDir: join(folder, 'data'),
      systemDir: join(folder, 'system'),
      settings: { fsync: 'off' },
      ...options,
    });
    running.push(server);
    return server;
  };
  const ask = async (server: EmbeddedPostgres, sql: string): Promise<object[]> => {
    const client = new Client({ connectionString: server.adminUrl });
    await client.connect();
    try {
      return (await client.query<object>(sql)).rows;
    } finally {
      await client.end();
    }
  };

  it('keeps its data, its port and its secrets over a restart, and stops in good order', async () => {
    const first = await start();
    await ask(first, 'create table kept as select 1 as n');
    await first.stop();
    expect(livingPostmaster(first.cluster)).toBeUndefined();

    const second = await start();
    expect(second).toMatchObject({ adminUrl: first.adminUrl, roleSecret: first.roleSecret });
    await expect(ask(second, 'select n from kept')).resolves.toEqual([{ n: 1 }]);
    expect(readFileSync(join(folder, 'data/postgres.log'), 'utf8')).not.toContain(
      'was not properly shut down',
    );
  });

  it('is a Unicode database on loopback with random secrets that only the owner reads', async () => {
    const server = await start();
    const rows = await ask(
      server,
      `select current_setting('server_encoding') as encoding, current_setting('listen_addresses') as listens,
         (select count(*)::int from unnest(array['á','b','a']) x where x < 'b') as before_b`,
    );
    expect(rows).toEqual([{ encoding: 'UTF8', listens: '127.0.0.1', before_b: 2 }]);
    expect(new URL(server.adminUrl).password.length).toBeGreaterThanOrEqual(32);
    expect(statSync(join(folder, 'data/secrets.json')).mode & 0o777).toBe(0o600);
    const guess = new Client({ connectionString: server.adminUrl.replace(/:[^:@]+@/, ':password@') });
    await expect(guess.connect()).rejects.toThrow(/password authentication failed/);
  });

  asRoot('runs as another user when root starts it, also below a home of mode 0700', async () => {
    const home = join(folder, 'home');
    mkdirSync(home, { mode: 0o700 });
    const server = await start({ dataDir: join(home, 'checkout/.data') });
    expect(statSync(server.cluster).uid).not.toBe(0);
    expect(server.cluster.startsWith(join(folder, 'system'))).toBe(true);
    await ask(server, 'create table kept as select 1 as n');
    await server.stop();

    const again = await start({ dataDir: join(home, 'checkout/.data') });
    await expect(ask(again, 'select n from kept')).resolves.toEqual([{ n: 1 }]);
    await again.stop();

    rmSync(join(home, 'checkout/.data'), { recursive: true }); // the factory reset
    const fresh = await start({ dataDir: join(home, 'checkout/.data') });
    await expect(ask(fresh, "select to_regclass('kept') as kept")).resolves.toEqual([{ kept: null }]);
  });

  asRoot('runs as an ordinary user, and tells that user when the folder belongs to another', async () => {
    execFileSync('chown', ['65534:65534', folder]);
    const ordinary = { uid: 65534, gid: 65534 };
    await expect(inAnotherProcess(STARTER, join(folder, 'data'), ordinary)).resolves.toBe('started, stopped');
    expect(statSync(join(folder, 'data/cluster')).uid).toBe(65534);
    execFileSync('chown', ['-R', '0:0', join(folder, 'data')]);
    await expect(inAnotherProcess(STARTER, join(folder, 'data'), ordinary)).resolves.toMatch(
      /cannot be written \(EACCES\)\. Give this user write permission/,
    );
  });

  it('mends what a killed parent left running', async () => {
    const orphan = Number(await inAnotherProcess(ORPHAN_MAKER, join(folder, 'data')));
    expect(livingPostmaster(join(folder, 'data/cluster'))?.pid).toBe(orphan);
    const said: string[] = [];
    const server = await start({ log: (line) => said.push(line) });
    expect(said.join()).toMatch(/killed process had left running/);
    expect(server.pid).not.toBe(orphan);
    await expect(ask(server, 'select n from kept')).resolves.toEqual([{ n: 1 }]);
  });

  it('starts it again when it is killed', async () => {
    haveData();
    const server = await start();
    const before = server.pid;
    process.kill(before, 'SIGKILL');
    for (let tries = 0; ; tries++) {
      try {
        await ask(server, 'select 1');
        break;
      } catch (error) {
        if (tries === 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    expect(server.pid).not.toBe(before);
  });

  it('signals nobody where a server that died cannot be started again', async () => {
    haveData();
    const said = await inAnotherProcess(LEAVER, join(folder, 'data'));
    expect(said).toBe('has 0, left with 3');
  });

  it('follows a pg_ctl restart instead of fighting it', async () => {
    haveData();
    const server = await start();
    const before = server.pid;
    const { uid, gid } = statSync(server.cluster);
    const { pgCtl } = await binariesOf(server);
    execFileSync(pgCtl, ['restart', '-D', server.cluster, '-m', 'immediate', '-w', '-s', '-l', '/dev/null'], {
      cwd: '/',
      ...(isRoot ? { uid, gid } : {}),
    });
    const after = server.pid;
    expect(after).not.toBe(before);
    await expect(ask(server, 'select 1 as n')).resolves.toEqual([{ n: 1 }]);
    await server.stop();
    expect(livingPostmaster(server.cluster)).toBeUndefined();
  });

  it('takes another port when its own is taken', async () => {
    haveData();
    const first = await start();
    await first.stop();
    const { createServer } = await import('node:net');
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(first.port, '127.0.0.1', resolve));
    const second = await start();
    expect(second.port).not.toBe(first.port);
    await new Promise((resolve) => squatter.close(resolve));
  });

  describe('says what is wrong and what to do when the data folder', () => {
    const refusal = async (options: Partial<EmbeddedPostgresOptions> = {}): Promise<string> => {
      const error: unknown = await start(options).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(EmbeddedServiceError);
      return (error as Error).message;
    };

    it('is in use by a living process', async () => {
      haveData();
      await start();
      await expect(refusal()).resolves.toMatch(
        new RegExp(`process ${process.pid} already uses the data folder .*MONEYFLOW_DATA_DIR`),
      );
    });

    it('is no cluster', async () => {
      mkdirSync(join(folder, 'data/cluster'), { recursive: true });
      writeFileSync(join(folder, 'data/cluster/rubbish'), '');
      await expect(refusal()).resolves.toMatch(/damaged .*delete it \(this erases/);
    });

    it('was made by another major version', async () => {
      haveData();
      writeFileSync(join(folder, 'data/cluster/PG_VERSION'), '17\n');
      await expect(refusal()).resolves.toMatch(/made by PostgreSQL 17 and this is 18/);
    });

    it.each([
      ['global/pg_control', (file: string) => writeFileSync(file, 'x'.repeat(8192))],
      ['global/pg_control', (file: string) => rmSync(file)],
      ['pg_wal', (file: string) => rmSync(file, { recursive: true })],
      ['postgresql.conf', (file: string) => writeFileSync(file, '{{{')],
    ])('is damaged at %s', async (part, damage) => {
      haveData();
      damage(join(folder, 'data/cluster', part));
      await expect(refusal()).resolves.toMatch(/data folder .* is damaged \(it says: .*\)\. Put a backup/);
    });

    it('lost its secrets', async () => {
      haveData();
      rmSync(join(folder, 'data/secrets.json'));
      await expect(refusal()).resolves.toMatch(/lost secrets\.json/);
    });

    it('cannot be made or written', async () => {
      writeFileSync(join(folder, 'file'), '');
      await expect(refusal({ dataDir: join(folder, 'file/data') })).resolves.toMatch(
        /cannot be written \(ENOTDIR\)\. Give this user write permission/,
      );
    });
  });

  /** @returns what the script wrote */
  async function inAnotherProcess(script: string, dataDir: string, user: object = {}): Promise<string> {
    const child = spawn(process.execPath, ['-e', LOADER + script, dataDir], {
      cwd: process.cwd(),
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
      ...user,
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await new Promise((resolve) => child.once('close', resolve));
    return output;
  }

  async function binariesOf(server: EmbeddedPostgres): Promise<{ pgCtl: string }> {
    const options = readFileSync(join(server.cluster, 'postmaster.opts'), 'utf8');
    const postgres = options.split(' "')[0] ?? ''; // the path itself may hold a blank
    const pgCtl = join(postgres, '../pg_ctl');
    expect(existsSync(pgCtl)).toBe(true);
    return { pgCtl };
  }
});

// Plain Node, which compiles the sources as it loads them.
const LOADER = `
  const { transformFileSync } = require('@swc/core');
  require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file).code, file);
  const { startEmbeddedPostgres } = require('./libs/embedded/src/postgres.ts');
  const starting = startEmbeddedPostgres({ dataDir: process.argv[1] });
`;
/** Dies as kill -9 would have it. */
const ORPHAN_MAKER = `
  const { Client } = require('pg');
  starting.then(async (server) => {
    const client = new Client({ connectionString: server.adminUrl });
    await client.connect();
    await client.query('create table kept as select 1 as n');
    process.stdout.write(String(server.pid), () => process.kill(process.pid, 'SIGKILL'));
  });
`;
const STARTER = `
  const say = (text) => process.stdout.write(text);
  starting.then(
    (server) => (say('started, '), server.stop().then(() => say('stopped'))),
    (error) => say(error.message),
  );
`;
/** Loses its server for good, and exits without stopping it. */
const LEAVER = `
  const { renameSync } = require('node:fs');
  starting.then(async (server) => {
    renameSync(server.cluster + '/global/pg_control', server.cluster + '/elsewhere');
    process.kill(server.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    // not while a try to start it is under way: a slow machine takes its time to fail
    for (let tries = 0; server.pid !== 0 && tries < 500; tries++) await new Promise((resolve) => setTimeout(resolve, 10));
    process.stdout.write('has ' + server.pid);
    process.on('exit', (code) => process.stdout.write(', left with ' + code));
    process.exit(3);
  });
`;
