import { eventually } from '@libs/testing';
import { committed, onCommit } from './commits';

/** As another thread has it: with memory of its own. */
function elsewhere(): typeof import('./commits') {
  let other: typeof import('./commits') | undefined;
  jest.isolateModules(() => (other = jest.requireActual('./commits')));
  if (!other) throw new Error('not loaded');
  return other;
}

describe('a commit', () => {
  it('is heard by who listens for its table, until they stop', () => {
    const [heard, other] = [jest.fn(), jest.fn()];
    const stop = onCommit('releases.outbox', heard);
    onCommit('pix.outbox', other);
    committed('releases.outbox');
    stop();
    committed('releases.outbox');
    expect(heard).toHaveBeenCalledTimes(1);
    expect(other).not.toHaveBeenCalled();
  });

  it('is heard on other threads', async () => {
    const heard = jest.fn();
    elsewhere().onCommit('analytics.webhook_delivery', heard);
    committed('analytics.webhook_delivery');
    await eventually(() => expect(heard).toHaveBeenCalledTimes(1));
  });
});
