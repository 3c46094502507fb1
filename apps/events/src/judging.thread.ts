import { parentPort, workerData } from 'node:worker_threads';
import { Job, JudgeStart, Told } from './infrastructure/judging/judge-protocol';
import { judgeHere } from './judging.wiring';

/** How long what is judged waits for company on its way back. */
const COMPANY_MS = 2;

/** A thread that judges events: bodies in, messages for the log out. It has no connections, and nothing to lose. */
const judge = judgeHere((workerData as JudgeStart).pseudonymSecret);
const tell = (told: Told): void => parentPort?.postMessage(told);

parentPort?.on('message', (jobs: Job[]) => void work(jobs));
tell('ready');

async function work(jobs: readonly Job[]): Promise<void> {
  let outcomes: Exclude<Told, string> = [];
  let since = performance.now();
  for (const { id, reception, body } of jobs) {
    // whoever asked judges it again then, and says what is wrong
    const judged = await judge.judge(reception, body).catch(() => undefined);
    outcomes.push({ id, judged });
    if (performance.now() - since < COMPANY_MS) continue;
    tell(outcomes);
    outcomes = [];
    since = performance.now();
  }
  if (outcomes.length > 0) tell(outcomes);
}
