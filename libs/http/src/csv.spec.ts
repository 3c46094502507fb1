import { csvField } from './csv';

describe('csvField', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    ' =1',
    '\u00a0\u2003=1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '\tx',
  ])('makes text of %j', (text) => expect(csvField(text)).toBe(`'${text}`));

  it('makes text of it after what a spreadsheet may take for a border of cells', () => {
    expect(csvField('a;=1+1')).toBe(`"a;'=1+1"`);
    expect(csvField('a; ＝1')).toBe(`"a;' ＝1"`);
    expect(csvField('a\r\n=1')).toBe(`"a\r\n'=1"`);
    expect(csvField('=1;=2')).toBe(`"'=1;'=2"`);
  });

  it.each(['', 'a=1', 'a-b', '{}', '2026-11-20T12:00:00.000Z', '150.50', 'Açaí'])(
    'leaves %j as it is',
    (text) => expect(csvField(text)).toBe(text),
  );

  it('quotes what holds a comma, a semicolon, a quote or a line’s end', () => {
    expect(['a,b', 'a;b', 'a"b', 'a\nb'].map(csvField)).toEqual(['"a,b"', '"a;b"', '"a""b"', '"a\nb"']);
  });

  it('takes a hostile text in one pass', () => {
    const started = performance.now();
    for (const text of [' ', '\n', ';', '; ', '\t']) csvField(text.repeat(250_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
