import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, Socket } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { AppProcess, eventually } from '@libs/testing';
import { AllInOne } from './all-in-one';

/** What a person sees when `npm start` cannot start: what is wrong, and what to do; no stack, no half-started parts. */
describe('npm start, when it cannot', () => {
  let house: AllInOne;
  beforeEach(async () => (house = await AllInOne.prepare({ MONEYFLOW_DEMO: 'false' })));
  afterEach(() => house.remove(), 30_000);

  it('says that the port is taken and how to choose another, before it starts anything', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(house.port, '127.0.0.1', resolve));
    const said = await refusal(house.launch());
    other.close();
    expect(said).toContain(`Port ${house.port} is taken`);
    expect(said).toContain('PORT=');
    expect(existsSync(join(house.dataDir, 'postgres'))).toBe(false);
  });

  it('says that another one runs on the folder, and leaves that one alone', async () => {
    const first = await house.start();
    const said = await refusal(house.launch({ PORT: '0' }));
    expect(said).toContain(house.dataDir);
    expect(said).toContain('MONEYFLOW_DATA_DIR');
    expect(first.alive).toBe(true);
    expect((await fetch(`${house.url}/health/ready`)).status).toBe(200);
  });

  it('says that the data folder is a file', async () => {
    const file = join(house.dataDir, 'file');
    writeFileSync(file, '');
    const said = await refusal(house.launch({ MONEYFLOW_DATA_DIR: file }));
    expect(said).toContain(`The data folder ${file} is a file`);
    expect(said).toContain('MONEYFLOW_DATA_DIR=');
  });

  it('says that the data folder cannot be written to', async () => {
    const said = await refusal(house.launch({ MONEYFLOW_DATA_DIR: '/proc/moneyflow' }));
    expect(said).toContain('/proc/moneyflow cannot be used');
    expect(said).toContain('MONEYFLOW_DATA_DIR=');
  });

  it('does not make new secrets where the old ones are unreadable', async () => {
    writeFileSync(join(house.dataDir, 'secrets.json'), '{"AUTH_KEY');
    const said = await refusal(house.launch());
    expect(said).toContain('secrets.json');
    expect(readFileSync(join(house.dataDir, 'secrets.json'), 'utf8')).toBe('{"AUTH_KEY');
  });

  it('says that the database is damaged', async () => {
    await house.start();
    await house.running.stop();
    const cluster = findCluster(house.dataDir);
    writeFileSync(join(cluster, 'global/pg_control'), 'not a control file');
    const said = await refusal(house.launch());
    expect(said).toMatch(/PostgreSQL/);
    expect(said).toContain(house.dataDir);
  });

  describe('where what only consumes may not', () => {
    const asAdmin = async (sql: string): Promise<void> => {
      const admin = new Client({ connectionString: house.adminUrl });
      await admin.connect();
      await admin.query(sql);
      await admin.end();
    };
    const postmaster = (): boolean => existsSync(join(findCluster(house.dataDir), 'postmaster.pid'));

    it('names the variable that is wrong', async () => {
      await house.start();
      await asAdmin('grant moneyflow_owner to events_worker');
      await house.running.stop();
      const app = house.launch();
      expect(await refusal(app)).toContain('DATABASE_URL names the role events_worker');
      expect(app.exitCode).toBe(78);
      expect(postmaster()).toBe(false);
    }, 180_000);

    it('ends in good order though the others take longer to start', async () => {
      await house.start();
      // who may not connect is waited for, as a database is that starts
      await asAdmin('grant moneyflow_owner to events_worker; alter role auth_api connection limit 0');
      await house.running.stop();
      expect(await refusal(house.launch())).toContain('MoneyFlow cannot start');
      expect(postmaster()).toBe(false);
    }, 180_000);
  });

  it('says the same for damaged queues', async () => {
    mkdirSync(join(house.dataDir, 'aws'));
    writeFileSync(
      join(house.dataDir, 'aws/fauxqs.db'),
      'this is no database, whatever its name says'.repeat(200),
    );
    const said = await refusal(house.launch());
    expect(said).toContain(join(house.dataDir, 'aws'));
    expect(said).toMatch(/delete|restore/i);
  });

  it('names a variable that is wrong', async () => {
    const app = house.launch({ PORT: 'eighty' });
    await app.ended();
    expect(app.exitCode).toBe(78);
    expect(app.tail).toContain('PORT must be a whole number');
  });

  it('stops at once when it is asked a second time', async () => {
    const app = await house.start();
    const slow = await fetchSlowly(house.port);
    process.kill(app.pid, 'SIGTERM');
    await eventually(() => expect(app.tail).toContain('Stopping'));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = Date.now();
    process.kill(app.pid, 'SIGTERM');
    await app.ended();
    expect(Date.now() - before).toBeLessThan(2_500); // draining would take three seconds more
    expect(app.exitCode).toBe(130);
    slow.destroy();
  });
});

/** Everything it said until it ended by itself, with an exit code that tells a supervisor. */
async function refusal(app: AppProcess): Promise<string> {
  await app.ended();
  expect(app.exitCode).not.toBe(0);
  expect(app.tail).not.toMatch(/^\s+at .*\(/m);
  return app.tail;
}

function findCluster(dataDir: string): string {
  const found = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith('PG_VERSION'),
  );
  if (!found) throw new Error(`no cluster below ${dataDir}`);
  return join(dataDir, found, '..');
}

/** A request that never ends: draining waits for it. */
function fetchSlowly(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
      socket.write('Content-Length: 1000\r\n\r\n{"email"', () => resolve(socket));
    });
    socket.on('error', reject);
  });
}
