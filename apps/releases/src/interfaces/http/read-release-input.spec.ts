import { InvalidRequest } from '@libs/kernel';
import { readReleaseInput, readReleaseItems } from './read-release-input';

function errorsOf(work: () => unknown): readonly object[] {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidRequest) return error.errors;
    throw error;
  }
  return [];
}
const nonsense = Object.fromEntries(Array.from({ length: 40_000 }, (_, at) => [`k${at}`, at]));

describe('reading a release', () => {
  it('names at most fifty problems: a body of 1 MiB must not make us write 5 MiB', () => {
    expect(errorsOf(() => readReleaseInput(nonsense))).toHaveLength(50);
    expect(errorsOf(() => readReleaseItems(nonsense))).toHaveLength(50);
  });

  it('names every problem of an ordinary mistake', () => {
    const errors = errorsOf(() => readReleaseInput({ amount: 10, note: 'x' }));
    expect(errors).toMatchObject([
      { path: 'note', code: 'unknown_property' },
      { path: 'description', code: 'missing_property' },
      { path: 'amount', code: 'amount_not_a_string' },
    ]);
  });
});
