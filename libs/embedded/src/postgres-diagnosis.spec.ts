import { startError, whyItFailed } from './postgres-diagnosis';

describe('why PostgreSQL did not start', () => {
  it.each([
    ['port-taken', 'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use'],
    ['still-in-use', 'FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use'],
    ['disk-full', 'FATAL:  could not write to file "pg_wal/xlogtemp.5245": No space left on device'],
    ['disk-full', 'FATAL:  could not extend file "base/1/2691": wrote only 4096 of 8192 bytes at block 9'],
    ['not-permitted', 'FATAL:  could not open file "global/pg_control": Permission denied'],
    ['damaged', 'PANIC:  could not locate a valid checkpoint record at 0/1EC7B80'],
    ['unknown', ''],
  ])('%s: %s', (failure, log) => {
    expect(whyItFailed(log)).toBe(failure);
  });

  it('quotes what the server complained of, and says what to do', () => {
    const log =
      '2026-11-22 07:06:17.494 UTC [5245] LOG:  starting\n2026-11-22 07:06:17 UTC [5245] FATAL:  it broke\n';
    expect(startError('damaged', log, '/data', '/data/postgres.log').message).toBe(
      'PostgreSQL: the data folder /data is damaged (it says: it broke). ' +
        'Put a backup of it back; or, to start from nothing, delete it (this erases all its data).',
    );
  });
});
