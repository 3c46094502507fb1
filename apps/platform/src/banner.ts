import { relative } from 'node:path';
import { demoCompany } from './demo/demo-company';
import { Platform } from './platform';

/** The few lines that a start ends with. */
export function banner({ url, dataDir, logs, demo, services }: Platform, seconds: number): string {
  const rows: [string, string][] = [
    ['API', `${url}/api/v1`],
    ['Try it', `${url}/api-docs`],
    ...(demo ? [['Demo', `${demoCompany.email} / ${demoCompany.password}`] satisfies [string, string]] : []),
    ['Data', `${short(dataDir)} (delete it to start afresh)`],
    ['Logs', `${short(logs)}/app.log`],
    ['On', services.join(', ')],
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(8)}${value}`);
  return [
    '',
    `MoneyFlow is ready (${seconds.toFixed(1)} s).`,
    '',
    ...lines,
    '',
    '  Ctrl-C stops it.',
    '',
  ].join('\n');
}

function short(path: string): string {
  const below = relative(process.cwd(), path);
  return below && !below.startsWith('..') ? below : path;
}
