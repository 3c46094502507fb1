import { Contract, contracts } from '@libs/contracts';
import { JsonSchema, schemaOf } from './json-schema';

/** The files of docs/events by their names: a schema a contract, and an index for people. */
export function eventDocs(root: string): Map<string, string> {
  const files = new Map<string, string>();
  const schemas = contracts.map((contract) => ({ contract, schema: documentOf(root, contract) }));
  for (const { contract, schema } of schemas) {
    files.set(`${fileOf(contract)}.schema.json`, `${JSON.stringify(schema, undefined, 2)}\n`);
  }
  files.set('README.md', indexOf(schemas));
  return files;
}

function fileOf({ channel, carrier }: Contract): string {
  return carrier === 'sqs' ? `queue.${channel}.v1` : channel;
}

function documentOf(root: string, contract: Contract): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `https://moneyflow.example/events/${fileOf(contract)}.schema.json`,
    title: contract.payload,
    ...schemaOf(root, contract.file, contract.payload),
    examples: [contract.example],
  };
}

function indexOf(entries: { contract: Contract; schema: JsonSchema }[]): string {
  const rows = entries.map(({ contract, schema }) => {
    const { description } = schema;
    const what = typeof description === 'string' ? description.split(' Topic `')[0] : '';
    const consumers = contract.consumers.join(', ') || 'none yet';
    const link = `[\`${contract.channel}\`](${fileOf(contract)}.schema.json)`;
    return `| ${link} | ${contract.carrier} | ${what} | ${contract.producer} | ${consumers} |`;
  });
  return [
    '# Messages',
    '',
    '<!-- Generated from libs/contracts by `npm run docs`; a test compares. -->',
    '',
    'What crosses a service boundary. Each schema describes the `payload`; around it every message has the same',
    'envelope: `{id, type, version, tenantId, occurredAt, requestId, traceparent?, payload}`. `id` is a UUIDv7, and what',
    'consumers deduplicate by. On Kafka the key is the tenant. A breaking change is a new version beside the old one.',
    '',
    '| channel | carrier | what | producer | consumers |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
