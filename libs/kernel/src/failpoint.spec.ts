import { spawnSync } from 'node:child_process';
import { FAILPOINTS, failpoint } from './failpoint';

describe('failpoint', () => {
  it('does nothing unless the environment names it', () => {
    for (const name of FAILPOINTS) failpoint(name);
    expect(FAILPOINTS.length).toBe(new Set(FAILPOINTS).size);
  });

  it('kills the process at the chosen passage', () => {
    const script = `
      const { code } = require('@swc/core').transformFileSync(${JSON.stringify(require.resolve('./failpoint'))});
      const module_ = { exports: {} };
      new Function('module', 'exports', code)(module_, module_.exports);
      for (let i = 1; ; i += 1) { console.log(i); module_.exports.failpoint('worker.before-commit'); }`;
    const { signal, stdout } = spawnSync(process.execPath, ['-e', script], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', MONEYFLOW_FAILPOINT: 'worker.before-commit:3' },
    });
    expect(signal).toBe('SIGKILL');
    expect(stdout.trim().split('\n')).toEqual(['1', '2', '3']);
  });
});
