import { DataDirLock } from '@libs/embedded';
import { listenHttp, readinessOf } from '@libs/http';
import { configureLogging, flushLogging } from '@libs/logging';
import { appEnvironments } from './app-environments';
import { createApplications } from './applications';
import { backgroundSettings } from './background/background-applications';
import { BackgroundThread } from './background/background-thread';
import { startBackingServices } from './backing-services';
import { claimPort } from './claim-port';
import { openDataFolder } from './data-folder';
import { Demo, demoOnce } from './demo/demo-once';
import { DemoWriteKey } from './demo/demo-write-key';
import { seedDemo } from './demo/seed-demo';
import { createPlatformApp } from './platform.app';
import { PlatformConfig } from './platform.config';
import { writeOperatorFile } from './operator-file';
import { releaseGarbageWhenIdle } from './release-garbage';
import { retellWhatIsMissing } from './retell-what-is-missing';
import { openSecrets } from './secrets';
import { settled } from './settled';
import { Undo } from './undo';

/** Open requests get this long; with consumers, outboxes and the database a stop stays within 10 s. */
const DRAIN_MS = 4_000;

export interface Platform {
  url: string;
  dataDir: string;
  logs: string;
  demo: Demo;
  services: string[];
}

/**
 * Starts everything in this process and answers once it is ready. What it opens it notes in `undo`, so that whoever
 * called can close it, also after a failure half-way.
 * @throws CannotStart, EmbeddedServiceError, ConfigError saying what is wrong and what to do
 */
export async function startPlatform(
  config: PlatformConfig,
  environment: NodeJS.ProcessEnv,
  undo: Undo,
): Promise<Platform> {
  const folder = openDataFolder(config.dataDir);
  const logs = config.logging.dir ?? folder.logs;
  configureLogging({
    ...config.logging,
    dir: logs,
    // The terminal is for the person who started us; the story goes to the files.
    stdout: environment['LOG_STDOUT'] !== undefined && config.logging.stdout,
  });
  undo.add('logs', () => flushLogging());
  const lock = DataDirLock.acquire('MoneyFlow', folder.path);
  undo.add('data folder', () => lock.release());
  const secrets = openSecrets(folder.path, environment);
  const port = await claimPort(config.http.host, config.http.port);
  const http = { ...config.http, port, shutdownTimeoutMs: Math.min(config.http.shutdownTimeoutMs, DRAIN_MS) };

  const services = await startBackingServices(folder, environment, undo);
  writeOperatorFile(folder.path, services, secrets, environment);
  await retellWhatIsMissing(services.roleUrl);
  const url = `http://${reachable(http.host)}:${port}`;
  const environments = appEnvironments(environment, services, secrets, url);
  const starting = BackgroundThread.start(backgroundSettings(environments), config.logging.level);
  undo.add('background', () =>
    starting.then(
      (thread) => thread.close(),
      () => undefined, // it never began; the start fails with why
    ),
  );
  const closing = undo.part('applications');
  const [applications, background] = await settled([createApplications(environments, closing), starting]);
  const demoKey = new DemoWriteKey();
  const app = await createPlatformApp({ ...config, http }, applications, demoKey);
  await background.tellReadinessTo(readinessOf(app));
  const listener = await listenHttp(app, applications, http);
  closing.replaceBy('listener', () => listener.close());

  const demo = await demoOnce({
    folder: folder.path,
    host: http.host,
    wanted: config.demo,
    seed: () => seedDemo(url, new Date()),
  });
  if (demo === 'there') await demoKey.open(folder.path, url);
  releaseGarbageWhenIdle();
  return { url: `http://localhost:${port}`, dataDir: folder.path, logs, demo, services: services.described };
}

/** Where this machine reaches a listener that is bound to `host`. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
