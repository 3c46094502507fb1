import 'reflect-metadata';
import { parentPort, workerData } from 'node:worker_threads';
import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigError } from '@libs/config';
import { ownMetrics, readinessOf } from '@libs/http';
import { forwardLogging } from '@libs/logging';
import { releaseGarbageWhenIdle } from '../release-garbage';
import { createBackgroundApplications } from './background-applications';
import { yieldBackends, yieldThread } from './yielding-backends';
import { Answers, Asked, BackgroundStart, Question, Told } from './background-protocol';

/** The thread's side: runs the applications and answers what the main thread asks about them. */
const { settings, level } = workerData as BackgroundStart;
const tell = (told: Told): void => parentPort?.postMessage(told);

forwardLogging(level, (line, urgent) => tell({ kind: 'line', line, urgent }));
yieldThread();
start().then(serve, (error: unknown) => {
  const problems = error instanceof ConfigError ? error.problems : undefined;
  tell({ kind: 'failed', error: error as Error, problems });
});

async function start(): Promise<Map<string, NestFastifyApplication>> {
  const applications = await createBackgroundApplications(settings);
  for (const app of applications.values()) await yieldBackends(app);
  return applications;
}

function serve(applications: Map<string, NestFastifyApplication>): void {
  const answers: { [Q in Question]: () => Promise<Answers[Q]> } = {
    readiness: async () => {
      const reports = [...applications].map(
        async ([name, app]) => [name, await readinessOf(app).report()] as const,
      );
      return Object.fromEntries(await Promise.all(reports));
    },
    metrics: ownMetrics,
    close: async () => {
      for (const app of applications.values()) await app.close();
      return undefined;
    },
  };
  parentPort?.on('message', ({ id, question }: Asked) => {
    answers[question]().then(
      (answer) => tell({ kind: 'answer', id, answer }),
      (error: unknown) => tell({ kind: 'refusal', id, error: error as Error }),
    );
  });
  releaseGarbageWhenIdle();
  tell({ kind: 'started' });
}
