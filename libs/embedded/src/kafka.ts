import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaJars } from './kafka-jars';
import { KafkaPorts, serverProperties } from './kafka-properties';
import { freePort } from './free-port';
import { ServerProcess } from './server-process';

const run = promisify(execFile);
const USER = 'moneyflow';
/** It lives for minutes: code that is compiled fast serves it better than code that runs fast (half the CPU of a start). */
const QUICK_JAVA = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

export interface LocalKafka {
  /** Plain text, no user. */
  brokers: string[];
  /** TLS and SCRAM-SHA-512. */
  saslBrokers: string[];
  username: string;
  password: string;
  /** PEM of the certificate that the TLS listener shows; signed by itself. */
  ca: string;
  ports: KafkaPorts;
  pid: number | undefined;
  stop(): Promise<void>;
}

export interface LocalKafkaOptions {
  /** Holds its data, its certificate and its password; reused by the next start. */
  dir: string;
  /** Any free ones by default. */
  ports?: KafkaPorts;
}

/**
 * Starts one real Apache Kafka broker in KRaft mode on the loopback: one listener in plain text, one with TLS and
 * SCRAM-SHA-512. About 5 s and 350 MB. @throws EmbeddedServiceError when Java or Maven is missing
 */
export async function startKafka({ dir, ports }: LocalKafkaOptions): Promise<LocalKafka> {
  const jars = join(await kafkaJars(), '*');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const password = await keptPassword(dir);
  await makeCertificate(dir, password);
  const used = ports ?? { plain: await freePort(), sasl: await freePort(), controller: await freePort() };
  const config = join(dir, 'server.properties');
  await writeFile(config, serverProperties(dir, used, password), { mode: 0o600 });
  await format(jars, dir, config, password);
  const server = await ServerProcess.start(
    'Kafka',
    ['java', ...QUICK_JAVA, '-Xms64m', '-Xmx512m', '-cp', jars, 'kafka.Kafka', config],
    used.sasl,
  );
  return {
    brokers: [`127.0.0.1:${used.plain}`],
    saslBrokers: [`127.0.0.1:${used.sasl}`],
    username: USER,
    password,
    ca: await readFile(join(dir, 'ca.pem'), 'utf8'),
    ports: used,
    pid: server.pid,
    stop: () => server.stop(),
  };
}

async function keptPassword(dir: string): Promise<string> {
  const file = join(dir, 'password');
  if (!existsSync(file)) await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFile(file, 'utf8');
}

/** The JDK's own keytool, so that nothing else need be installed. */
async function makeCertificate(dir: string, password: string): Promise<void> {
  const store = join(dir, 'keystore.p12');
  if (existsSync(join(dir, 'ca.pem'))) return;
  await rm(store, { force: true });
  const key = ['-keystore', store, '-storepass', password, '-alias', 'kafka'];
  const subject = ['-dname', 'CN=localhost', '-ext', 'SAN=dns:localhost,ip:127.0.0.1'];
  await run('keytool', [
    '-genkeypair',
    ...key,
    ...subject,
    ...['-keyalg', 'RSA', '-keysize', '2048', '-validity', '3650', '-storetype', 'PKCS12'],
  ]);
  await run('keytool', ['-exportcert', '-rfc', ...key, '-file', join(dir, 'ca.pem')]);
}

async function format(jars: string, dir: string, config: string, password: string): Promise<void> {
  if (existsSync(join(dir, 'data/meta.properties'))) return;
  await run('java', [
    ...[...QUICK_JAVA, '-cp', jars, 'kafka.tools.StorageTool', 'format'],
    // in one word: an id may begin with a dash
    ...[`--cluster-id=${randomBytes(16).toString('base64url')}`, '--config', config],
    ...['--add-scram', `SCRAM-SHA-512=[name=${USER},password=${password}]`],
  ]);
}
