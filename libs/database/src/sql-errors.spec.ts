import {
  DatabaseUnavailable,
  isDataFault,
  isSetupFault,
  isTransient,
  isUniqueViolation,
  translated,
} from './sql-errors';

const pgError = (code: string, more: object = {}) => Object.assign(new Error('of pg'), { code, ...more });

describe('SQL errors', () => {
  it.each([
    '08006',
    '53300',
    '40001',
    '40P01',
    '57P01',
    '57P03',
    '25006',
    'ECONNREFUSED',
    'ECONNRESET',
    'EMFILE',
  ])('takes %s for transient', (code) => {
    expect(isTransient(pgError(code))).toBe(true);
    expect(isDataFault(pgError(code))).toBe(false);
  });

  it.each(['22P02', '23505', '23514'])('takes %s for a fault of the data', (code) => {
    expect(isDataFault(pgError(code))).toBe(true);
    expect(isTransient(pgError(code))).toBe(false);
  });

  it.each(['42P01', '42501', '25P02'])('takes %s for neither: it is a bug of ours', (code) => {
    expect(isDataFault(pgError(code)) || isTransient(pgError(code))).toBe(false);
  });

  it.each(['42P01', '42501', '28P01', '3D000', 'XX000'])('blames the set-up for %s, not the row', (code) => {
    expect(isSetupFault(pgError(code))).toBe(true);
  });

  it.each(['23505', '22P02', '25P02', 'ECONNRESET'])('does not blame the set-up for %s', (code) => {
    expect(isSetupFault(pgError(code))).toBe(false);
  });

  it('sees what TypeORM wrapped', () => {
    expect(isUniqueViolation({ driverError: pgError('23505') })).toBe(true);
    expect(isTransient({ driverError: pgError('57P01') })).toBe(true);
  });

  it.each([
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Connection terminated unexpectedly',
  ])('knows "%s", which has no code', (message) => expect(isTransient(new Error(message))).toBe(true));

  it('gives the transient one name and a time to retry, once', () => {
    const once = translated(pgError('57P01'));
    expect(once).toBeInstanceOf(DatabaseUnavailable);
    expect(once).toMatchObject({ kind: 'unavailable', retryAfter: 1 });
    expect(translated(once)).toBe(once);
    expect(isTransient(once)).toBe(true);
  });

  it("keeps a row's values out of what a logger prints", () => {
    const error = translated(pgError('23505', { detail: 'Key (email)=(dona@padaria.br) already exists.' }));
    expect(JSON.stringify({ ...(error as object) })).not.toContain('dona@padaria.br');
    expect(isUniqueViolation(error)).toBe(true);
  });
});
