import { foldEmail, normaliseEmail } from './email';
import { displayName } from './display-name';
import { chooseSubdomain } from './subdomain';

describe('normaliseEmail', () => {
  it.each([
    [' Dona@Estrela.Example ', 'dona@estrela.example'],
    ['a.b+c@x-y.co', 'a.b+c@x-y.co'],
    ['ＤＯＮＡ@estrela.example', 'dona@estrela.example'],
    ['joão@correio.example', 'joão@correio.example'],
  ])('reads %s as %s', (text, email) => expect(normaliseEmail(text)).toBe(email));

  it.each([
    '',
    '@',
    'a@',
    '@b.c',
    'a@b',
    'a b@c.d',
    'a@b..c',
    '.a@b.c',
    'a.@b.c',
    'a..b@c.d',
    'a@-b.c',
    'a\0@b.c',
    `${'a'.repeat(65)}@b.c`,
    `a@${'b.'.repeat(130)}c`,
    'a@b.c\r\nbcc: d@e.f',
  ])('refuses %j', (text) =>
    expect(() => normaliseEmail(text)).toThrow(expect.objectContaining({ code: 'malformed_email' })),
  );
});

describe('foldEmail', () => {
  it.each([
    'İ\u0316sa@correio.example',
    'ǅ\u0327@correio.example',
    'ΣΑΣ@correio.example',
    'ﬃ\u0345İ@x.example',
  ])('leaves what it gave for %s as it is: two spellings of one address are one account', (text) => {
    const folded = foldEmail(text);
    expect(foldEmail(folded)).toBe(folded);
    expect(foldEmail(text.normalize('NFD'))).toBe(folded);
  });
});

describe('chooseSubdomain', () => {
  it.each(['abc', 'padaria-estrela', 'a1b', 'x'.repeat(40)])('takes %s', (text) =>
    expect(chooseSubdomain(text)).toBe(text),
  );

  it.each(['', 'ab', '1abc', '-abc', 'abc-', 'a_b', 'a.b', 'café', 'xn--caf-dma', 'x'.repeat(41), 'a b'])(
    'refuses the form of %j',
    (text) =>
      expect(() => chooseSubdomain(text)).toThrow(expect.objectContaining({ code: 'invalid_subdomain' })),
  );

  it.each(['api', 'www', 'admin', 'API', 'auth', 'localhost', 'moneyflow'])(
    'keeps %s for the platform',
    (text) =>
      expect(() => chooseSubdomain(text)).toThrow(expect.objectContaining({ code: 'reserved_subdomain' })),
  );
});

describe('displayName', () => {
  it('joins blanks and drops what cannot be seen', () => {
    expect(displayName('  Padaria \t\n Estrela\u200b\u202e ', 'name')).toBe('Padaria Estrela');
  });

  it.each(['', '   ', '\u200b\u202e', 'x'.repeat(121)])('refuses %j and names the field', (text) =>
    expect(() => displayName(text, 'tenant.name')).toThrow(
      expect.objectContaining({
        code: 'blank_name',
        errors: [expect.objectContaining({ path: 'tenant.name' })],
      }),
    ),
  );
});
