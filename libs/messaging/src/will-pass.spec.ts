import { willPass } from './will-pass';

const pgError = (code: string): Error => Object.assign(new Error('of pg'), { code });

describe('whether a failure passes by itself', () => {
  it.each(['ECONNREFUSED', '57P01', '25006', '42P01', '42501', '28P01'])(
    'waits at %s: every message would fail, and none is to blame',
    (code) => expect(willPass(pgError(code))).toBe(true),
  );

  it.each(['23514', '22P02'])('does not wait at %s: the message is to blame', (code) =>
    expect(willPass(pgError(code))).toBe(false),
  );

  it('does not wait at a defect of ours, which says nothing', () =>
    expect(willPass(new TypeError('x is not a function'))).toBe(false));
});
