import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedServiceError } from './embedded-service-error';

const run = promisify(execFile);

/** The checkout: two folders above `libs/embedded/src`, below `dist` or not. */
const ROOT = join(__dirname, '../../..').replace(/[/\\]dist$/, '');
const POM = join(ROOT, 'scripts/kafka/pom.xml');
const ADVICE = 'Install them: apt-get install openjdk-17-jre-headless maven';

/** Why Kafka cannot be started here; undefined when it can. Maven is needed only for the first time. */
export function kafkaMissing(): string | undefined {
  if (!works('java', '-version')) return `java is not on the PATH. ${ADVICE}.`;
  if (!existsSync(jarsDir()) && !works('mvn', '-version')) return `mvn is not on the PATH. ${ADVICE}.`;
  return undefined;
}

/** Apache Kafka's jars, fetched from Maven Central the first time. @returns their folder */
export async function kafkaJars(): Promise<string> {
  const missing = kafkaMissing();
  if (missing) throw new EmbeddedServiceError('Kafka', 'Java or Maven is missing', ADVICE);
  const dir = jarsDir();
  if (existsSync(dir)) return dir;
  // Two test files may fetch at once: each into a folder of its own, and the first to finish wins.
  const arriving = `${dir}.${process.pid}`;
  await mkdir(arriving, { recursive: true });
  try {
    await run('mvn', [
      '-q',
      '-B',
      '-f',
      POM,
      'dependency:copy-dependencies',
      `-DoutputDirectory=${arriving}`,
    ]);
    if (!existsSync(dir)) await rename(arriving, dir);
  } catch (error) {
    if (!existsSync(dir)) throw new EmbeddedServiceError('Kafka', 'cannot be fetched', String(error));
  } finally {
    await rm(arriving, { recursive: true, force: true });
  }
  return dir;
}

/** One folder for each state of the pom, so that a new pom never starts old jars. */
function jarsDir(): string {
  const hash = createHash('sha256').update(readFileSync(POM)).digest('hex');
  return join(ROOT, '.cache/kafka', hash.slice(0, 12));
}

function works(program: string, argument: string): boolean {
  return spawnSync(program, [argument], { stdio: 'ignore' }).status === 0;
}
