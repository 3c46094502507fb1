import { userNamedBy } from './user-named-by';

describe('userNamedBy', () => {
  const forms = [
    { user: { user_id: 'u-1' } },
    { user: { userId: 'u-1' } },
    { user: { id: 'u-1' } },
    { user: 'u-1' },
    { userId: 'u-1' },
    { user_id: 'u-1' },
  ];
  it.each(forms)('finds the person of %j, whichever form it was sent as', (raw) => {
    expect(userNamedBy(raw, 'sdk')).toBe('u-1');
    expect(userNamedBy(raw, 'track')).toBe('u-1');
  });

  it('prefers what its own form says, and passes by what names nobody', () => {
    const both = { user: { user_id: 'of the SDK' }, userId: 'of the short form' };
    expect(userNamedBy(both, 'sdk')).toBe('of the SDK');
    expect(userNamedBy(both, 'track')).toBe('of the short form');
    expect(userNamedBy({ user: { user_id: '' }, userId: 'u-1' }, 'sdk')).toBe('u-1');
    expect(userNamedBy({ user: { user_id: null }, userId: ['u'], user_id: 'u-1' }, 'track')).toBe('u-1');
  });

  it('reads a number as the text that it is', () => {
    expect(userNamedBy({ user: { user_id: 42 } }, 'sdk')).toBe('42');
    expect(userNamedBy({ userId: 0 }, 'track')).toBe('0');
  });

  it.each([null, undefined, 7, 'u-1', [], {}, { user: null }, { userId: true }, { userId: 'u'.repeat(257) }])(
    'names nobody for %j',
    (raw) => expect(userNamedBy(raw, 'sdk')).toBeUndefined(),
  );
});
