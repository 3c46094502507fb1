import * as fc from 'fast-check';
import { DomainError } from '@libs/kernel';
import { ReleaseDraft, ReleaseInput } from './release-draft';

const LATEST = new Date('2027-11-22T00:00:00.000Z');
const draft = (input: Partial<ReleaseInput>) =>
  ReleaseDraft.of({ description: 'Venda', amount: '1.00', ...input }, LATEST);

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('a release draft', () => {
  it('trims its description', () => expect(draft({ description: '  Venda \n' }).description).toBe('Venda'));

  it('counts characters as a person does, up to 200', () => {
    expect(codeOf(() => draft({ description: '🥖'.repeat(200) }))).toBe('accepted');
    expect(codeOf(() => draft({ description: '🥖'.repeat(201) }))).toBe('malformed_description');
    expect(codeOf(() => draft({ description: 'x'.repeat(201) }))).toBe('malformed_description');
  });

  it.each([
    [{ description: '   ' }, 'malformed_description'],
    [{ description: 'a\0b' }, 'malformed_description'],
    [{ description: 'a\nb' }, 'malformed_description'],
    [{ description: '\ud800' }, 'malformed_description'],
    [{ amount: '0.00' }, 'zero_amount'],
    [{ amount: '-0.00' }, 'malformed_amount'],
    [{ amount: '1' }, 'malformed_amount'],
    [{ amount: '1e3' }, 'malformed_amount'],
    [{ amount: '1.005' }, 'malformed_amount'],
    [{ amount: '9999999999999.99' }, 'accepted'],
    [{ amount: '10000000000000.00' }, 'accepted'],
    [{ amount: '-10000000000000.01' }, 'amount_out_of_range'],
    [{ occurredAt: '2026-11-22' }, 'malformed_instant'],
    [{ occurredAt: '1899-12-31T23:59:59.999Z' }, 'occurred_at_out_of_range'],
    [{ occurredAt: '1900-01-01T00:00:00Z' }, 'accepted'],
    [{ occurredAt: '2027-11-22T00:00:00Z' }, 'accepted'],
    [{ occurredAt: '2027-11-22T00:00:00.001Z' }, 'occurred_at_out_of_range'],
    [{ metadata: { note: 'a\0b' } }, 'malformed_metadata'],
    [{ metadata: { 'a\0b': 1 } }, 'malformed_metadata'],
    [{ metadata: { deep: [{ note: '\udfff' }] } }, 'malformed_metadata'],
    [{ metadata: { note: 'linha\noutra' } }, 'accepted'],
    [{ metadata: { note: 'x'.repeat(4096 - '{"note":""}'.length) } }, 'accepted'],
    [{ metadata: { note: 'x'.repeat(4097 - '{"note":""}'.length) } }, 'metadata_too_large'],
    [{ metadata: { note: 'é'.repeat(2043) } }, 'metadata_too_large'],
    [{ metadata: { note: 'é'.repeat(2042) } }, 'accepted'],
  ] as [Partial<ReleaseInput>, string][])('answers %j with %s', (input, code) =>
    expect(codeOf(() => draft(input))).toBe(code),
  );

  it('has one canonical text for all spellings of one input', () => {
    const one = draft({ occurredAt: '2026-11-22T09:00:00-03:00', metadata: { a: 1, b: { c: 2, d: 3 } } });
    const other = draft({
      description: ' Venda ',
      occurredAt: '2026-11-22T12:00:00.000Z',
      metadata: { b: { d: 3, c: 2 }, a: 1 },
    });
    expect(one.canonical()).toBe(other.canonical());
  });

  it('has another canonical text for another meaning', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (a, b) => {
          const equal = JSON.stringify(a) === JSON.stringify(b);
          const canonical = (metadata: Record<string, unknown>) => {
            const code = codeOf(() => draft({ metadata }));
            return code === 'accepted'
              ? draft({ metadata }).canonical()
              : `${code} ${JSON.stringify(metadata)}`;
          };
          return !equal || canonical(a) === canonical(b);
        },
      ),
    );
    expect(draft({ metadata: { a: [1, 2] } }).canonical()).not.toBe(
      draft({ metadata: { a: [2, 1] } }).canonical(),
    );
    expect(draft({ metadata: {} }).canonical()).not.toBe(draft({}).canonical());
    expect(draft({ amount: '1.00' }).canonical()).not.toBe(draft({ amount: '-1.00' }).canonical());
  });

  it('leaves the default time out of its canonical text', () => {
    expect(draft({}).canonical()).toBe(draft({}).canonical());
    expect(draft({}).occurredAt).toBeUndefined();
  });
});
