import { relative } from 'node:path';
import { demoCompany } from './demo/demo-company';
import { Demo } from './demo/demo-once';
import { Platform } from './platform';

const DEMO: Record<Exclude<Demo, 'none'>, string> = {
  there: `${demoCompany.email} / ${demoCompany.password}`,
  withheld: 'none: others can reach this address, and everybody knows its password (npm run seed makes it)',
  exposed: `WARNING: made by a former start, everybody knows its password, and others can reach this address:
          npm run tenants -- suspend ${demoCompany.tenant.subdomain} --reason=demo`,
};

/** The few lines that a start ends with. */
export function banner({ url, dataDir, logs, demo, services }: Platform, seconds: number): string {
  const rows: [string, string][] = [
    ['API', `${url}/api/v1`],
    ['Try it', `${url}/api-docs`],
    ['Events', `${url}/test.html`],
    ...(demo === 'none' ? [] : [['Demo', DEMO[demo]] satisfies [string, string]]),
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
