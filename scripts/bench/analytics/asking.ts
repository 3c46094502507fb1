import { Agent, request } from 'node:http';
import { FilledDatabase } from './filled-database';
import { Answer, daysOf, pathOf, Question } from './questions';

export interface Asked {
  /** In milliseconds. */
  p50: number;
  p95: number;
  /** To the question about the days up to the last one. */
  answer: Answer;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
/** Every other time the period that everybody looks at, up to the last day; else one that ends up to two weeks before. */
const WINDOWS = 14;

/** Asks one after the other, over one connection. @throws Error when an answer does not come from where it should */
export async function ask(
  url: string,
  filled: FilledDatabase,
  question: Question,
  { times, from, windows = WINDOWS }: { times: number; from: 'HIT' | 'MISS'; windows?: number },
): Promise<Asked> {
  const waits: number[] = [];
  let latest: Answer = {};
  for (let turn = 0; turn < times; turn += 1) {
    const before = turn % 2 === 0 || windows === 1 ? 0 : 1 + (((turn - 1) / 2) % (windows - 1));
    const path = pathOf(question, filled.appId, daysOf(question, lastDay(filled), before));
    const { ms, cache, body } = await get(url, path, filled.apiKey);
    if (cache !== from) throw new Error(`${path}: X-Cache ${cache}, and not ${from}`);
    waits.push(ms);
    if (before === 0) latest = JSON.parse(body) as Answer;
  }
  waits.sort((one, other) => one - other);
  const percentile = (share: number): number => waits[Math.ceil(waits.length * share) - 1] ?? 0;
  return { p50: percentile(0.5), p95: percentile(0.95), answer: latest };
}

/** The local day up to which there are events. */
export function lastDay({ until }: { until: string }): string {
  return new Date(Date.parse(until) - 3 * 3_600_000).toISOString().slice(0, 10);
}

function get(
  url: string,
  path: string,
  apiKey: string,
): Promise<{ ms: number; cache: string | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const asking = request(`${url}${path}`, { agent, headers: { 'x-api-key': apiKey } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('error', reject);
      answer.once('end', () => {
        const ms = performance.now() - started;
        const body = Buffer.concat(parts).toString();
        const cache = answer.headers['x-cache'];
        if (answer.statusCode !== 200) reject(new Error(`GET ${path}: ${answer.statusCode} ${body}`));
        else resolve({ ms, cache: typeof cache === 'string' ? cache : undefined, body });
      });
    });
    asking.once('error', reject);
    asking.end();
  });
}
