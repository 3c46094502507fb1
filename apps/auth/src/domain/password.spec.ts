import { WeakPassword } from './auth.errors';
import { commonPasswords } from './common-passwords';
import { choosePassword } from './password';

const CONTEXT = ['dona@estrela.example', 'Dona da Padaria', 'Padaria Estrela', 'estrela'];
const reasonOf = (password: string): string | undefined => {
  try {
    choosePassword(password, CONTEXT);
    return undefined;
  } catch (error) {
    return (error as { errors: { code: string }[] }).errors[0]?.code;
  }
};

describe('choosePassword', () => {
  it.each([
    'correto cavalo bateria grampo',
    'ção áéíóú é boa',
    '🔑'.repeat(3) + 'chave',
    'x1'.repeat(5) + 'yz',
  ])('takes %s', (password) => expect(reasonOf(password)).toBeUndefined());

  it('counts characters as a person does', () => {
    expect(reasonOf('🔑🗝🔒🔓🔏🔐🛡')).toBe('password_too_short');
    expect(reasonOf('🔑🗝🔒🔓🔏🔐🛡🧱')).toBeUndefined();
    expect(reasonOf('ab cd '.repeat(21) + 'zz')).toBeUndefined();
    expect(reasonOf('ab cd '.repeat(21) + 'zzz')).toBe('password_too_long');
  });

  it.each([
    'password',
    'PASSWORD',
    '12345678',
    'senha123',
    'moneyflow123',
    'Iloveyou',
    'aaaaaaaaaa',
    'abababab',
    'qwertyuiop',
  ])('refuses the common %s', (password) => expect(reasonOf(password)).toBe('password_too_common'));

  it.each(['dona@estrela.example', 'padariaestrela', 'PadariaEstrela123', 'donadapadaria!', 'estrela2026'])(
    'refuses %s, which the context gives away',
    (password) => expect(reasonOf(password)).toBe('password_too_common'),
  );

  it.each(['MoneyFlow2031!', 'moneyflow', 'Money Flow 2031', 'moneyflow_2031'])(
    'refuses %s, the product’s name, whatever the context',
    (password) => {
      expect(() => choosePassword(password, [])).toThrow(WeakPassword);
    },
  );

  it('takes composed and decomposed letters as one password', () => {
    expect(choosePassword('cora\u00e7\u00e3o de pedra', [])).toBe(
      choosePassword('corac\u0327a\u0303o de pedra', []),
    );
  });

  it('knows common passwords of eight characters or more, in lower case', () => {
    expect(commonPasswords.size).toBeGreaterThan(15_000);
    expect([...commonPasswords].filter((each) => !/^[^A-Z]{8,}$/.test(each))).toEqual([]);
  });
});
