import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { EmbeddedServiceError } from './embedded-service-error';

/** Why a server did not come up, as far as its log tells. */
export type StartFailure =
  'port-taken' | 'still-in-use' | 'disk-full' | 'not-permitted' | 'damaged' | 'unknown';

const SIGNS: [StartFailure, RegExp][] = [
  ['port-taken', /could not bind .*address already in use|address already in use/i],
  ['still-in-use', /pre-existing shared memory block|is another postmaster|still in use/],
  ['disk-full', /No space left on device|Disk quota exceeded|wrote only \d+ of \d+ bytes/],
  ['not-permitted', /Permission denied|has wrong ownership|has invalid permissions|Read-only file system/],
  [
    'damaged',
    /PANIC|checkpoint record|incompatible|invalid data|invalid page|checksum|bogus|corrupt|could not (open|read|find|access|locate|load)|does not exist|contains errors|syntax error|not a valid data directory|is empty|missing/,
  ],
];

export function whyItFailed(log: string): StartFailure {
  return SIGNS.find(([, pattern]) => pattern.test(log))?.[0] ?? 'unknown';
}

/** The error a person gets. */
export function startError(
  failure: StartFailure,
  log: string,
  dataDir: string,
  logFile: string,
): EmbeddedServiceError {
  const said = lastComplaint(log);
  const [problem, advice] = EXPLAINED[failure](dataDir, logFile);
  return new EmbeddedServiceError('PostgreSQL', said ? `${problem} (it says: ${said})` : problem, advice);
}

const EXPLAINED: Record<StartFailure, (dataDir: string, logFile: string) => [string, string]> = {
  'port-taken': () => ['every port it tried is taken', 'Stop what listens there, then start again.'],
  'still-in-use': (dataDir) => [
    `processes of an earlier server still use the data folder ${dataDir}`,
    'Wait a few seconds and start again.',
  ],
  'disk-full': (dataDir) => [
    `no space is left for the data folder ${dataDir}`,
    'Free some space there, or set MONEYFLOW_DATA_DIR to a folder on another disk. Nothing committed is lost.',
  ],
  'not-permitted': (dataDir) => [
    `it may not use the data folder ${dataDir}`,
    'Give the user that runs it that folder (chown -R), or set MONEYFLOW_DATA_DIR to another one.',
  ],
  damaged: (dataDir) => [
    `the data folder ${dataDir} is damaged`,
    'Put a backup of it back; or, to start from nothing, delete it (this erases all its data).',
  ],
  unknown: (dataDir, logFile) => [`it did not start on the data folder ${dataDir}`, `Its log is ${logFile}.`],
};

/** What was appended to a file since it had `from` bytes; the last 64 KiB of it. */
export function appendedSince(file: string, from: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const size = fstatSync(descriptor).size;
    const start = Math.max(from, size - 65_536);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    readSync(descriptor, buffer, 0, buffer.length, start);
    return buffer.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

function lastComplaint(log: string): string | undefined {
  const lines = log.split('\n').filter((line) => /FATAL|PANIC|ERROR|error:|could not/i.test(line));
  return (lines.find((line) => /PANIC|FATAL/.test(line)) ?? lines.at(-1))
    ?.replace(/^.*?(PANIC|FATAL|ERROR):\s*/, '')
    .trim();
}
