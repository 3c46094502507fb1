import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { contracts } from '@libs/contracts';
import { eventDocs } from './docs/event-docs';
import { schemaOf } from './docs/json-schema';

const ROOT = resolve(__dirname, '..');
const FOLDER = join(ROOT, 'docs/events');

describe('docs/events', () => {
  const generated = eventDocs(ROOT);

  it('holds what libs/contracts says; run `npm run docs` when this fails', () => {
    const committed = existsSync(FOLDER) ? readdirSync(FOLDER).sort() : [];
    expect(committed).toEqual([...generated.keys()].sort());
    for (const [name, content] of generated) {
      expect(readFileSync(join(FOLDER, name), 'utf8')).toBe(content);
    }
  });

  it.each(contracts.map((contract) => [contract.channel, contract] as const))(
    '%s: the example has every required field and no unknown one',
    (_channel, { file, payload, example }) => {
      const schema = schemaOf(ROOT, file, payload) as { required: string[]; properties: object };
      const fields = Object.keys(example);
      expect(fields).toEqual(expect.arrayContaining(schema.required));
      expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(fields));
    },
  );
});

describe('the schema of a contract', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'moneyflow-schema-'));
    mkdirSync(join(root, 'libs/contracts/src'), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const schema = (source: string): object => {
    writeFileSync(join(root, 'libs/contracts/src/x.v1.ts'), source);
    return schemaOf(root, 'x.v1.ts', 'XV1');
  };

  it('tells required from optional, and follows unions, arrays, records and other interfaces', () => {
    const source = `
      interface Item { n: number }
      /** What it is. */
      export interface XV1 {
        a: string;
        /** Why. */
        b?: boolean; c: 'x' | 'y'; d: Item[]; e: Record<string, unknown> }`;
    const item = {
      type: 'object',
      properties: { n: { type: 'number' } },
      required: ['n'],
      additionalProperties: true,
    };
    expect(schema(source)).toEqual({
      description: 'What it is.',
      type: 'object',
      properties: {
        a: { type: 'string' },
        b: { description: 'Why.', type: 'boolean' },
        c: { type: 'string', enum: ['x', 'y'] },
        d: { type: 'array', items: item },
        e: { type: 'object', additionalProperties: {} },
      },
      required: ['a', 'c', 'd', 'e'],
      additionalProperties: true,
    });
  });

  it.each(['a: Date', 'a: Map<string, string>', 'a(): void', 'a: string & { b: 1 }', 'a: Missing'])(
    'refuses `%s`, which no contract may hold',
    (member) => expect(() => schema(`export interface XV1 { ${member} }`)).toThrow(),
  );
});
