/** Where a value stands in what an application sends, and how the whole of it is encoded. */
export const PLACES: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => `pagador ${value} recusado`,
  (value) => `${value}, fim`,
  (value) => `(${value})`,
  (value) => `"${value}"; '${value}'`,
  (value) => `linha\n${value}\tfim.`,
  (value) => `Error: recusado ${value}.\n    at pay (https://app.exemplo.com/main.js:1:23)`,
  (value) => `nome;${value};SP`,
  (value) => `[ok ${value}]`,
  (value) => `<b>${value}</b>`,
];

/** Each with what undoes it. */
export const CODES: readonly {
  name: string;
  encode: (text: string) => string;
  decode: (text: string) => string;
}[] = [
  { name: 'plain', encode: (text) => text, decode: (text) => text },
  {
    name: 'query',
    encode: (text) => `https://x.example/p?q=${encodeURIComponent(text)}&z=1`,
    decode: (text) => decodeURIComponent(text.slice(22, -4)),
  },
  {
    name: 'fragment',
    encode: (text) => `/p#a=${encodeURIComponent(text)}`,
    decode: (text) => decodeURIComponent(text.slice(5)),
  },
  {
    name: 'path',
    encode: (text) => `https://x.example/${encodeURIComponent(text)}/edit`,
    decode: (text) => decodeURIComponent(text.slice(18, -5)),
  },
  {
    name: 'twice',
    encode: (text) => `?u=${encodeURIComponent(encodeURIComponent(text))}`,
    decode: (text) => decodeURIComponent(decodeURIComponent(text.slice(3))),
  },
  {
    name: 'json',
    encode: (text) => JSON.stringify({ note: text, n: 1 }),
    decode: (text) => (JSON.parse(text) as { note: string }).note,
  },
  {
    name: 'json in json',
    encode: (text) => JSON.stringify({ body: JSON.stringify([text]) }),
    decode: (text) => (JSON.parse((JSON.parse(text) as { body: string }).body) as [string])[0],
  },
  {
    name: 'escaped',
    encode: (text) =>
      `["${Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"]`,
    decode: (text) => (JSON.parse(text) as [string])[0],
  },
];
