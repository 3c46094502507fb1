import 'reflect-metadata';
import { constants, getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ownMetrics, readinessOf } from '@libs/http';
import { forwardLogging } from '@libs/logging';
import { releaseGarbageWhenIdle } from '../release-garbage';
import { createBackgroundApplications } from './background-applications';
import { yieldBackends } from './yielding-backends';
import { Answers, Asked, BackgroundStart, Question, Told } from './background-protocol';

/** The thread's side: runs the applications and answers what the main thread asks about them. */
const { settings, level } = workerData as BackgroundStart;
// Where there is too little for all, those who wait for an answer go first. Elsewhere than on Linux it would be the whole process.
const hasThreadPriorities = process.platform === 'linux';
// under `nice` it may be lower already, and only root may raise it
if (hasThreadPriorities && getPriority(0) < constants.priority.PRIORITY_BELOW_NORMAL)
  setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
const tell = (told: Told): void => parentPort?.postMessage(told);

forwardLogging(level, (line, urgent) => tell({ kind: 'line', line, urgent }));
start().then(serve, (error: unknown) => tell({ kind: 'failed', error: error as Error }));

async function start(): Promise<Map<string, NestFastifyApplication>> {
  const applications = await createBackgroundApplications(settings);
  const { postmaster } = settings;
  if (hasThreadPriorities && postmaster !== undefined)
    for (const app of applications.values()) await yieldBackends(app, postmaster);
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
