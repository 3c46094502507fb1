import { isPersonal, maskJson, maskText } from './personal-data';

describe('a text is masked', () => {
  it.each([
    ['a CPF, right or mistyped', 'CPF 123.456.789-01 ok', 'CPF ***.***.***-01 ok'],
    ['a bare CPF', 'de 52998224725.', 'de ***.***.***-25.'],
    ['a CPF between spaces', '529 982 247 25', '***.***.***-25'],
    ['a CPF between no-break spaces', '529\u00a0982\u00a0247\u00a025', '***.***.***-25'],
    ['a CPF in full-width digits', '５２９．９８２．２４７－２５', '***.***.***-25'],
    ['a CPF between other points', '529。982｡247-25', '***.***.***-25'],
    ['a CPF between dots in the middle', '529·982•247·25', '***.***.***-25'],
    ['a CPF under marks', '5\u0301299\ufe0f8\u034f2247\u316425', '***.***.***-25'],
    ['a CPF in Arabic digits', '٥٢٩٩٨٢٢٤٧٢٥', '***.***.***-25'],
    ['a CPF with what cannot be seen in it', '529\u200b982\u200b24725', '***.***.***-25'],
    ['a labelled CPF with wrong check digits', 'cpf: 12345678901', 'cpf: ***.***.***-01'],
    ['a CPF glued to its label', 'chave cpf52998224725', 'chave cpf***.***.***-25'],
    ['a CPF in a path', 'https://x.com/users/52998224725/edit', 'https://x.com/users/***.***.***-25/edit'],
    ['a CPF in CSV', 'a,52998224725,b', 'a,***.***.***-25,b'],
    ['a CPF in a slug', '/perfil/joao-52998224725', '/perfil/joao-***.***.***-25'],
    ['a CNPJ', 'CNPJ 11.222.333/0001-81', 'CNPJ **.***.***/****-81'],
    ['a bare CNPJ', '11222333000181', '**.***.***/****-81'],
    ['an alphanumeric CNPJ', '12ABC34501DE35', '**.***.***/****-35'],
    ['an alphanumeric CNPJ as written', '12.ABC.345/01DE-35', '**.***.***/****-35'],
    ['a CNPJ in a URL', '/e?cnpj=11.222.333%2F0001-81', '/e?cnpj=**.***.***%2F****-81'],
    ['an e-mail', 'para joao@exemplo.com.', 'para j***@exemplo.com.'],
    ['an e-mail with accents', 'joão.silva@padaria.com.br', 'j***@padaria.com.br'],
    ['an encoded e-mail', '?email=joao%40exemplo.com&x=1', '?email=j***%40exemplo.com&x=1'],
    ['a doubly encoded e-mail', '?u=a%253Djoao%2540exemplo.com', '?u=a%253Dj***%2540exemplo.com'],
    ['an escaped e-mail', '{"a":"joao\\u0040exemplo.com"}', '{"a":"j***\\u0040exemplo.com"}'],
    ['an e-mail in a fragment', 'https://x.com/#joao@exemplo.com', 'https://x.com/#j***@exemplo.com'],
    ['a mobile number', 'ligue (11) 98765-4321', 'ligue (**) ****-****'],
    ['an international one', '+55 11 98765-4321', '(**) ****-****'],
    ['a foreign one', '+1 415 555 2671', '(**) ****-****'],
    ['a bare one', '11987654321', '(**) ****-****'],
    ['one in a URL', '/x?tel=%2B5511987654321', '/x?tel=(**)%20****-****'],
    ['one of a form', '/x?a=11+98765-4321', '/x?a=(**)%20****-****'],
    ['a landline', '(11) 3333-4444', '(**) ****-****'],
    ['a card', '4111 1111 1111 1111', '****1111'],
    ['a bare card', 'cartao 5555555555554444', 'cartao ****4444'],
    ['an American Express card', '3782 822463 10005', '****0005'],
    ['a JWT', 'erro eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_123 fim', 'erro [removed] fim'],
    ['an API key', 'mf_live_4Wq9ZkR0123456789abcdefghij', '[removed]'],
    ['a refresh token', 'mf_refresh_AZqrPE1eb2CaGyw9Tl9gcQ', '[removed]'],
    ['a password in a query', '/login?password=hunter2&x=1', '/login?password=[removed]&x=1'],
    ['a token in a fragment', 'https://x/#access_token=abc&y=2', 'https://x/#access_token=[removed]&y=2'],
    ['a password of a form', '/x?user[password]=abc', '/x?user[password]=[removed]'],
    ['a password in JSON in a text', '{"senha":"a\\"b","x":1}', '{"senha":"[removed]","x":1}'],
    [
      'a password in JSON in JSON',
      '{"b":"{\\"pwd\\":\\"x\\\\\\\\\\"}"}',
      '{"b":"{\\"pwd\\":\\"[removed]\\"}"}',
    ],
    [
      'no more than the string of JSON that a name stands in',
      '{"url":"/x?token=","password":"a","list":["pw:"]}',
      '{"url":"/x?token=","password":"[removed]","list":["pw:"]}',
    ],
    [
      'no more than the string of JSON in JSON that a secret stands in',
      '{"b":"{\\"note\\":\\"token:\\\\\\"abc\\"}","c":1}',
      '{"b":"{\\"note\\":\\"token:\\\\\\"[removed]\\"}","c":1}',
    ],
    [
      'a password in quotes after a stray one',
      'a 5" screen, password: "}x"',
      'a 5" screen, password: "[removed]"',
    ],
    ['a number in JSON in a text', '{"cpf":12345678901,"n":1}', '{"cpf":"***.***.***-01","n":1}'],
    ['a bare number in JSON in a text', '{"a":[52998224725]}', '{"a":["***.***.***-25"]}'],
    [
      'a private key in several strings of a program',
      'k = "-----BEGIN PRIVATE KEY-----" + "MIIEvQIBADAN" + "-----END PRIVATE KEY-----";',
      'k = "[removed]";',
    ],
    [
      'a private key that is cut off, and no more than its string',
      '{"k":"-----BEGIN PRIVATE KEY-----MIIEvQIBADAN","n":1}',
      '{"k":"[removed]","n":1}',
    ],
    ['a number after a colon in a string', '[":52998224725,j",1]', '[":***.***.***-25,j",1]'],
    [
      'one in a string that a property has, and one that a property has',
      '{"a":":52998224725]","b":52998224725}',
      '{"a":":***.***.***-25]","b":"***.***.***-25"}',
    ],
    [
      'credentials in a URL',
      'postgres://app:hunter2@db.x.com:5432/y',
      'postgres://[removed]@db.x.com:5432/y',
    ],
    ['a bearer token', 'Authorization: Bearer abcdefghijk', 'Authorization: [removed]'],
    [
      'a PIX key in a query',
      '/p?pix_key=550e8400-e29b-41d4-a716-446655440000',
      '/p?pix_key=********-****-****-****-************',
    ],
    [
      'a PIX key after its name',
      'mandei para a chave PIX 550e8400-e29b-41d4-a716-446655440000 hoje',
      'mandei para a chave PIX ********-****-****-****-************ hoje',
    ],
    [
      'a random PIX key after its name',
      'Chave aleatória (550e8400-e29b-41d4-a716-446655440000)',
      'Chave aleatória (********-****-****-****-************)',
    ],
    ...[
      '/pix/keys/',
      'https://x.com/v1/pix/keys/',
      '/pix/chaves/',
      'chave pix é ',
      'Chave Pix: ',
      'minha chave: ',
      'Minha chave é ',
      'my pix key is ',
      'chave PIX ',
    ].map((told): [string, string, string] => [
      `a PIX key of few digits after ${told}`,
      `${told}abcdef0a-bcde-4abc-8def-abcdefabcdef ok`,
      `${told}********-****-****-****-************ ok`,
    ]),
    [
      'a labelled PIX key',
      'chave pix: 550e8400-e29b-41d4-a716-446655440000',
      'chave pix: ********-****-****-****-************',
    ],
    [
      'the key in a BR Code',
      '00020126360014br.gov.bcb.pix0114+55119876543215204000053039865802BR',
      '00020126360014br.gov.bcb.pix0114**************5204000053039865802BR',
    ],
    ['a secret in XML', '<senha>hunter 2</senha><n>1</n>', '<senha>[removed]</senha><n>1</n>'],
    ['a token of GitHub', 'ghp_abcdefghijklmnop1234', '[removed]'],
    ['a fine-grained one', 'x github_pat_abcdefghijklmnop1234', 'x [removed]'],
    ['a key of Google', 'AIzaSyA-abcdefghijklmnopqrstuvwxyz1234567', '[removed]'],
    ['a token of Slack', 'xoxb-123-abcdefghijk', '[removed]'],
    ['a token of GitLab', 'glpat-abcdefghijklmnop1234', '[removed]'],
    ['a key of SendGrid', 'SG.abcdefghijklmnop.abcdefghijklmnop', '[removed]'],
    ['a key of a model', 'sk-proj-abcdefghijklmnop', '[removed]'],
    ['the code of a login', '/cb?code=4/0AX4XfWh-aaaaaaaaaaaaaa&x=1', '/cb?code=[removed]&x=1'],
    ['the short one of a login', '/cb?code=abcd1234&state=x', '/cb?code=[removed]&state=x'],
    [
      'a short name of a secret',
      'pass=abc pw=abc sessionid=abc',
      'pass=[removed] pw=[removed] sessionid=[removed]',
    ],
    [
      'a stack',
      'Error: 529.982.247-25\n    at joao@exemplo.com (/app/x.js:1:2)',
      'Error: ***.***.***-25\n    at j***@exemplo.com (/app/x.js:1:2)',
    ],
  ])('%s', (_name, text, masked) => {
    expect(maskText(text)).toBe(masked);
    expect(maskText(masked)).toBe(masked);
  });
});

describe('a text is left as it is', () => {
  it.each([
    '550e8400-e29b-41d4-a716-446655440000',
    '11987654-3210-4321-8555-551133334444',
    '/pix/transfers/550e8400-e29b-41d4-a716-446655440000',
    'pix 550e8400-e29b-41d4-a716-446655440000',
    'chave de idempotência: 550e8400-e29b-41d4-a716-446655440000',
    '/keys/550e8400-e29b-41d4-a716-446655440000',
    'a chave pix e o pedido 550e8400-e29b-41d4-a716-446655440000',
    '0af7651916cd43dd8448eb211c80319c',
    '2025-11-26T10:30:00.000Z',
    '1732271234567',
    '1732271234',
    '20251126103000',
    'pedido 11987654321',
    'order #11987654321',
    'PED-52998224725',
    '/orders/11987654321',
    '52998224725.00',
    'R$ 52.998.224.725,00',
    'R$ 52998224725,00',
    '0.52998224725',
    '192.168.100.20',
    '10.0.19045.5131',
    '****1234',
    '34191.79001 01043.510047 91020.150008 5 84410026000000',
    '3525 1112 3456 7800 0190 5500 1000 0001 2310 0000 1234',
    'E18236120202511261030s0123456789a',
    'node_modules/.pnpm/react@18.2.0/index.js',
    'logo@2x.png',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.109 Safari/537.36',
    'https://app.x.com/?utm_source=google&gclid=Cj0KCQiA&expires_in=3600',
    '2024-2025',
    '01310-100',
    'the bearer token expired',
    'a@media.print',
    '?code=PROMO10',
    'task-abcdefghijklmnopqrst',
    '{"maxTokens":4096}',
    '<b>senha</b>',
  ])('%s', (text) => expect(maskText(text)).toBe(text));
});

describe('JSON is masked', () => {
  it('at every depth, in names, by names, without what is secret', () => {
    expect(
      maskJson({
        password: 'x',
        newPassword: { a: 1 },
        has_password: true,
        token_type: 'Bearer',
        cpf: 12345678901,
        doc: '529.982.247-25',
        order_id: '11987654321',
        order: 52998224725,
        amount: 52998224725,
        who: 52998224725,
        pix: { key: '550e8400-e29b-41d4-a716-446655440000' },
        phone: { ddd: '11', number: '3333-4444' },
        phones: ['33334444'],
        fields: [
          { name: 'senha', value: '1' },
          { name: 'cpf', value: '12345678901' },
        ],
        'joao@exemplo.com': 1,
        'jose@exemplo.com': 2,
        deep: [{ a: [{ b: 'joao@exemplo.com' }] }],
        to_account: '****1234',
      }),
    ).toEqual({
      has_password: true,
      token_type: 'Bearer',
      cpf: '***.***.***-01',
      doc: '***.***.***-25',
      order_id: '11987654321',
      order: 52998224725,
      amount: 52998224725,
      who: '***.***.***-25',
      pix: { key: '********-****-****-****-************' },
      phone: { ddd: '11', number: '(**) ****-****' },
      phones: ['(**) ****-****'],
      fields: [{ name: 'senha' }, { name: 'cpf', value: '***.***.***-01' }],
      'j***@exemplo.com': 1,
      'j***@exemplo.com (2)': 2,
      deep: [{ a: [{ b: 'j***@exemplo.com' }] }],
      to_account: '****1234',
    });
  });

  it.each<[string, object, object]>([
    ['a state of a secret that is one', { password_changed: 'hunter2' }, {}],
    ['a pair of a label', { a: { label: 'senha', val: 'x' } }, { a: { label: 'senha' } }],
    ['a pair of a type', { type: 'password', text: 'x' }, { type: 'password' }],
    ['a pair of an id', { type: 'text', id: 'pw', value: 'x' }, { type: 'text', id: 'pw' }],
    ['the id of a customer', { customer: { id: '52998224725' } }, { customer: { id: '***.***.***-25' } }],
    ['of a cliente', { cliente: { id: 52998224725 } }, { cliente: { id: '***.***.***-25' } }],
    ['a card in an amount', { amount: '4111 1111 1111 1111' }, { amount: '****1111' }],
    ['a card as a count', { qty: 4111111111111111 }, { qty: '****1111' }],
  ])('%s', (_name, value, masked) => {
    expect(maskJson(value)).toEqual(masked);
    expect(maskJson(masked)).toEqual(masked);
  });

  it('but not where it only tells about a secret, or counts', () => {
    const clean = {
      password_changed: '2026-11-22T10:00:00Z',
      password_changed_at: 1732271234,
      password_reset: true,
      cookieConsent: 'granted',
      cookies_accepted: 'all',
      tokens_used: 1500,
      maxTokens: 4096,
      tokens: 12,
      secret_santa: 'Dona da Padaria',
      pinColor: 'red',
      qty: 52998224725,
      order: { id: '52998224725' },
      goal_id: '4111111111111111',
    };
    expect(maskJson(clean)).toBe(clean);
  });

  it('and otherwise returned as the same object', () => {
    const clean = { a: [{ b: 'texto' }], n: 1 };
    expect(maskJson(clean)).toBe(clean);
  });
});

describe('an id', () => {
  it.each([
    'joao@exemplo.com',
    '529.982.247-25',
    '52998224725',
    '+5511987654321',
    'user-52998224725',
    'u_52998224725',
    'id-52998224725',
    'cliente52998224725',
    'x11222333000181y',
  ])('%s is personal', (id) => expect(isPersonal(id)).toBe(true));
  it.each([
    '9f0c7a52-6f0e-4f0a-9c39-0d8f3c6f3a11',
    '42',
    'ab52998224725cd0f1',
    '550e8400-e29b-41d4-a716-a52998224725',
    'user_42',
    'auth0|5f7c8ec7c33c6c004bbafe82',
    '01HF8X3Z5Q9V7W2Y4B6D8F0G1H',
  ])('%s is not', (id) => expect(isPersonal(id)).toBe(false));

  it('takes a quote that is encoded otherwise than the one before the password for a part of the password', () => {
    expect(maskText('{"password":"%22hunter2","b":1}')).toBe('{"password":"[removed]","b":1}');
    expect(maskText('{"password":["%22"]}')).toBe('{"password":"[removed]"}');
    expect(maskText('?x=%7B%22password%22:%22hunter2%22%7D')).toBe('?x=%7B%22password%22:%22[removed]%22%7D');
  });
});
