/**
 * What the name of a property, parameter or label says of its value: a `secret` is removed; a CPF, a phone number … is
 * masked in whatever form it comes; a `number` (an order's, an amount) is left alone where only its digits speak for
 * it being personal.
 */
export type NamedKind = 'secret' | 'cpf' | 'cnpj' | 'document' | 'phone' | 'card' | 'pixKey' | 'number';

const singular = (word: string): string => (word.length > 3 && word.endsWith('s') ? word.slice(0, -1) : word);
const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/).map(singular));

const SECRET = words(
  'password passwd pwd passphrase passcode senha secret segredo token jwt authorization cookie credential credencial ' +
    'otp totp cvv cvc pin sessionid jsessionid phpsessid csrf xsrf apikey privatekey accesskey secretkey writekey signingkey authkey apitoken',
);
const SECRET_PAIR = words(
  'apikey privatekey accesskey secretkey writekey signingkey authkey encryptionkey securitycode codigoseguranca ' +
    'verificationcode codigoverificacao recoverycode backupcode smscode mfacode authcode userpass chaveprivada',
);
const SECRET_ENDING =
  /(?:password|passwd|passphrase|secret|token|apikey|privatekey|(?<!de|re)senha|authorization)$/;
const SECRET_BEGINNING = /^(?:password|senha)/;
const SECRET_LAST = words('pass pw');
/** `password_strength` and `token_type` tell about a secret without being one. */
const ABOUT =
  words(`type tipo strength forca policy name id field error scheme status method kind version url page screen form
  step link mode label in consent accepted color colour cor santa`);
/** So do `password_changed: true` and `token_expires: 3600`, but no word says when or how many. */
const STATE =
  words(`changed at length count expires expiry expired expiration exp reset updated enabled required valid visible
  attempt shown toggle rotated used max`);
const QUANTITY = words('max min total prompt completion input output used remaining');

const PHONE = words(
  'phone telefone celular cel whatsapp mobile fone tel fax msisdn phonenumber telephone cellphone',
);
const CARD = words('pan cartao card cardnumber ccnumber creditcard debitcard numerocartao cartaonumero');
const PIX = words('pixkey chavepix keypix pixchave chavealeatoria');
const DOCUMENT = words('document documento doc taxid');
const CARRIERS = words('number numero no nr num value valor key chave digit field');

const MEASURE =
  words(`amount valor total price preco balance saldo quantity quantidade qtd qty count offset byte size duration
  timestamp time ts date at ms version versao build seq sequence port latency limit limite`);
const THING =
  words(`order pedido ordem nsu protocol protocolo invoice fatura nota fiscal nf nfe boleto barcode barras ean gtin txid
  transaction transacao txn tx product produto sku goal meta tracking rastreio request trace span correlation ticket
  chamado processo lote batch serial serie item event evento session sessao device category categoria achievement
  conquista budget element page reference referencia ref nonce hash sha checksum etag build uuid release
  end2end endtoend e2e`);
const OF_THINGS = words('id number numero no nr num code codigo ref key n');
const PEOPLE =
  words(`user usuario customer cliente client payer pagador payee recebedor receiver beneficiary favorecido
  holder titular person pessoa owner sender remetente recipient destinatario tax national login account conta
  contact contato`);

const REMEMBERED = 2_000;
const LONGEST = 80;
type Judged = NamedKind | 'state' | 'measure' | undefined;
const kinds = new Map<string, Judged>();

/** Names come from programs and are few, so that what each says is found once. */
export function kindOfName(name: string): NamedKind | undefined {
  const kind = judged(name);
  return kind === 'measure' ? 'number' : kind === 'state' ? undefined : kind;
}

/** `password_changed`: of a secret, but one itself only where its value is neither a moment nor a yes or no. */
export function isStateOfSecret(name: string): boolean {
  return judged(name) === 'state';
}

/** An amount, a moment, a count: nothing that a card's number could be by chance. */
export function isMeasure(name: string): boolean {
  return judged(name) === 'measure';
}

/** `customer`, `usuario`: whose `id` may be a CPF. */
export function isOfPeople(name: string): boolean {
  return name.length <= LONGEST && partsOf(name).some((part) => PEOPLE.has(part));
}

function judged(name: string): Judged {
  if (name.length > LONGEST || name.length < 2) return undefined;
  let kind = kinds.get(name);
  if (kind === undefined && !kinds.has(name)) {
    kind = judge(name);
    if (kinds.size >= REMEMBERED) kinds.clear();
    kinds.set(name, kind);
  }
  return kind;
}

const STEMS =
  /pass|pw|senha|secret|segredo|tok|jwt|auth|cook|cred|otp|cvv|cvc|pin|srf|sess|key|chave|c[oó]d|cpf|cnpj|doc|fone|phone|cel|whats|mob|tel|fax|msisdn|pan|cart|card|pix|tax/i;

/** Of a name in a text, where a number's does not matter. Texts have all kinds of words: most are told by a glance. */
export function personalKindOfName(name: string): NamedKind | undefined {
  const kind = STEMS.test(name) ? kindOfName(name) : undefined;
  return kind === 'number' ? undefined : kind;
}

// Base64 has every word in it somewhere.
const NO_NAME = /(?:\d+[A-Za-z]+){3}/;

function judge(name: string): Judged {
  if (NO_NAME.test(name)) return undefined;
  const parts = partsOf(name);
  const last = parts.at(-1);
  if (last === undefined) return undefined;
  const kind = STEMS.test(name) ? secretOrPersonal(parts, last) : undefined;
  if (kind !== undefined && kind !== 'state') return kind;
  if (MEASURE.has(last)) return kind ?? 'measure';
  return kind ?? (isNumberOfAThing(parts, last) ? 'number' : undefined);
}

function secretOrPersonal(parts: readonly string[], last: string): Judged {
  if (ABOUT.has(last)) return undefined;
  const pairs = parts.map((part, at) => (at === 0 ? part : (parts[at - 1] as string) + part));
  const secret =
    SECRET_LAST.has(last) ||
    parts.some((part) => SECRET.has(part) || SECRET_ENDING.test(part) || SECRET_BEGINNING.test(part)) ||
    pairs.some((pair) => SECRET_PAIR.has(pair));
  if (!secret) return STATE.has(last) ? undefined : personal(parts, pairs, last);
  if (STATE.has(last)) return 'state';
  return last === 'token' && parts.some((part) => QUANTITY.has(part)) ? undefined : 'secret';
}

function personal(parts: readonly string[], pairs: readonly string[], last: string): NamedKind | undefined {
  const named = CARRIERS.has(last) ? parts : parts.slice(-1);
  if (pairs.some((pair) => PIX.has(pair))) return 'pixKey';
  const cpf = parts.some((part) => part.endsWith('cpf'));
  const cnpj = parts.some((part) => part.endsWith('cnpj'));
  if (cpf && cnpj) return 'document';
  if (cpf || cnpj) return cpf ? 'cpf' : 'cnpj';
  if (named.some((part) => PHONE.has(part)) || PHONE.has(pairs.at(-1) as string)) return 'phone';
  if (named.some((part) => CARD.has(part)) || CARD.has(pairs.at(-1) as string)) return 'card';
  if (named.some((part) => DOCUMENT.has(part)) || DOCUMENT.has(pairs.at(-1) as string)) return 'document';
  return undefined;
}

function isNumberOfAThing(parts: readonly string[], last: string): boolean {
  if (THING.has(last)) return true;
  if (!OF_THINGS.has(last) || parts.some((part) => PEOPLE.has(part))) return false;
  return last === 'id' || parts.some((part) => THING.has(part));
}

const CAPITAL = /[A-Z]/;
const SEPARATORS = /[^a-z\d]+/;
const ACCENTED = /[\u0080-\uffff]/;

/** `userPasswords2`, `user[password]` and `user-password` in the same small words, without their plural. */
function partsOf(name: string): string[] {
  let words = name;
  if (CAPITAL.test(words))
    words = words
      .replace(/([a-z\d])([A-Z])/g, '$1 $2')
      .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
      .toLowerCase();
  if (ACCENTED.test(words)) words = words.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const parts: string[] = [];
  for (const word of words.split(SEPARATORS)) {
    const part = /\d$/.test(word) ? word.replace(/\d+$/, '') : word;
    if (part !== '') parts.push(singular(part));
  }
  return parts;
}
