import { isCnpj, isCpf } from './tax-id';

describe('tax ids', () => {
  it.each(['52998224725', '12345678909', '11144477735'])('knows the CPF %s', (cpf) => {
    expect(isCpf(cpf)).toBe(true);
  });

  it.each(['52998224724', '11111111111', '5299822472', '5299822472x'])('refuses %s as a CPF', (cpf) => {
    expect(isCpf(cpf)).toBe(false);
  });

  it.each(['11222333000181', '12ABC34501DE35', '00000000000191'])('knows the CNPJ %s', (cnpj) => {
    expect(isCnpj(cnpj)).toBe(true);
  });

  it.each(['11222333000182', '12ABC34501DE36', '22222222222222', '12abc34501de35'])(
    'refuses %s as a CNPJ',
    (cnpj) => {
      expect(isCnpj(cnpj)).toBe(false);
    },
  );
});
