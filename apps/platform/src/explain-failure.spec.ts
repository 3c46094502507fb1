import { EmbeddedServiceError } from '@libs/embedded';
import { CannotStart } from './cannot-start';
import { explainFailure } from './explain-failure';

describe('explainFailure', () => {
  it('says what is wrong and what to do', () => {
    const told = explainFailure(new CannotStart('Port 3000 is taken.', 'Choose another.'));
    expect(told).toContain('  Port 3000 is taken.\n  Choose another.\n');
  });

  it('puts the advice of an embedded service on a line of its own, once', () => {
    const told = explainFailure(
      new EmbeddedServiceError('PostgreSQL', 'the disk is full', 'Free some space.'),
    );
    expect(told).toContain('  PostgreSQL: the disk is full.\n  Free some space.\n');
    expect(told.match(/Free some space/g)).toHaveLength(1);
  });

  it('shows the first line of what nobody foresaw, and where the rest is', () => {
    const error = new Error('boom\nsecond line');
    expect(explainFailure(error, '/data/logs')).toContain(
      '  boom\n  The whole story is in /data/logs/error.log.\n',
    );
    expect(explainFailure(error)).not.toContain('second line');
    expect(explainFailure(error)).not.toContain(' at ');
  });
});
