import { Undo } from './undo';

describe('Undo', () => {
  it('closes in the opposite order of opening, each once', async () => {
    const closed: string[] = [];
    const undo = new Undo();
    undo.add('database', () => void closed.push('database'));
    const part = undo.part('applications');
    undo.add('listener', async () => void closed.push('listener'));
    part.add('auth', () => void closed.push('auth'));
    part.add('releases', () => void closed.push('releases'));
    await undo.run();
    await undo.run();
    expect(closed).toEqual(['listener', 'releases', 'auth', 'database']);
  });

  it('closes the rest when one cannot be closed', async () => {
    const closed: string[] = [];
    const undo = new Undo();
    undo.add('database', () => void closed.push('database'));
    undo.add('stuck', () => Promise.reject(new Error('stuck')));
    await undo.run();
    expect(closed).toEqual(['database']);
  });

  it('lets one way of closing stand for the steps so far', async () => {
    const closed: string[] = [];
    const undo = new Undo();
    undo.add('auth', () => void closed.push('auth'));
    undo.replaceBy('all', async () => void closed.push('all'));
    await undo.run();
    expect(closed).toEqual(['all']);
  });

  it('tells every process of ours to stop when there is no time, even when one is gone', () => {
    const told: string[] = [];
    const undo = new Undo();
    undo.onForce(() => {
      throw new Error('ESRCH');
    });
    undo.onForce(() => void told.push('postgres'));
    undo.force();
    expect(told).toEqual(['postgres']);
  });
});
