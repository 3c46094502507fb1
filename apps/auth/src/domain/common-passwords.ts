import { dictionary } from '@zxcvbn-ts/language-common';

/** As short as a password may be: shorter ones are refused for that. */
const MIN_LENGTH = 8;

/** Frequent in Brazil, with the product's own name and the banks', and missing from the list of the world. */
const BRAZILIAN = `0123456789 0987654321q 123123123 12341234 987654321 9876543210 admin1234 administrador amorzinho
  bemvindo bemvindo1 bradesco brasil123 brasil2024 brasil2025 brasil2026 caixa123 changeme123 cliente123 corinthians
  correiodobrasil deusefiel dinheiro empresa123 euteamo123 familia123 financeiro fluminense futebol123 gabriel123
  gremio123 internacional itaubanco jesuscristo mariana123 meuamor123 moneyflow moneyflow1 moneyflow123 mudar123
  nubank123 p@ssword pix12345 poiuytrewq qwe12345 rafael123 santos123 senha1234 senha12345 teamo123 teste123 teste1234
  trocar123 usuario123 vasco123 vitoria123`;

/**
 * What an attacker tries first: 18,000 passwords of eight characters or more, by their frequency in published leaks
 * (the dictionary of zxcvbn-ts, MIT), and Brazil's. Lower case: they are compared without case.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  [...dictionary['passwords-common'], ...BRAZILIAN.split(/\s+/)]
    .map((password) => password.toLowerCase())
    .filter((password) => password.length >= MIN_LENGTH),
);
