import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { bootOrExit } from '@libs/config';
import { AuditVerifyConfig, auditVerifyConfig } from './operator.config';
import { AuditChain } from './infrastructure/audit/audit-chain';
import { Anchor } from './infrastructure/audit/chain-walk';
import { LogVerdict, verifyEveryLog } from './infrastructure/audit/verify-every-log';

/** Enough to look into, without filling a screen. */
const SHOWN = 20;

export interface AuditVerifyOptions {
  /**
   * A file to keep outside the database: the end of every log at the last check that found all intact. It shows what
   * nothing in the database can, that the whole of it was put back to a former state.
   */
  anchors?: string;
  print: (line: string) => void;
}

/** @returns whether every entry of every tenant is as it was written, and all are there */
export async function verifyAudit(config: AuditVerifyConfig, options: AuditVerifyOptions): Promise<boolean> {
  const { anchors, print } = options;
  const client = new Client({ connectionString: config.operator.url, application_name: 'moneyflow-audit' });
  await client.connect();
  const verdicts: LogVerdict[] = [];
  try {
    const known = anchors === undefined ? undefined : readAnchors(anchors);
    for await (const verdict of verifyEveryLog(client, new AuditChain(config.secret), known)) {
      report(verdict, print);
      verdicts.push(verdict);
    }
  } finally {
    await client.end();
  }
  const entries = verdicts.reduce((sum, verdict) => sum + verdict.entries, 0n);
  const intact = verdicts.every(({ tampering }) => tampering.length === 0);
  print(`${verdicts.length} tenants, ${entries} entries: ${intact ? 'intact' : 'TAMPERED WITH'}`);
  if (intact && anchors !== undefined) writeAnchors(anchors, verdicts);
  return intact;
}

function report({ tenantId, tampering }: LogVerdict, print: (line: string) => void): void {
  for (const { kind, seq, through } of tampering.slice(0, SHOWN))
    print(`tenant ${tenantId}: ${kind} ${seq}${through === undefined ? '' : `–${through}`}`);
  if (tampering.length > SHOWN) print(`tenant ${tenantId}: … and ${tampering.length - SHOWN} more`);
}

/** One line a tenant: id, number and MAC of the last entry. @throws Error when the file is not one of ours */
function readAnchors(path: string): Map<string, Anchor> {
  const anchors = new Map<string, Anchor>();
  if (!existsSync(path)) return anchors;
  for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
    const match = /^([0-9a-f-]{36}) (\d+) ([0-9a-f]{64})$/.exec(line);
    const [, tenantId, seq, mac] = match ?? [];
    if (tenantId === undefined || seq === undefined || mac === undefined)
      throw new Error(`${path} is not a file of anchors`);
    anchors.set(tenantId, { seq: BigInt(seq), mac: Buffer.from(mac, 'hex') });
  }
  return anchors;
}

function writeAnchors(path: string, verdicts: readonly LogVerdict[]): void {
  const lines = verdicts.map(({ tenantId, entries, mac }) => `${tenantId} ${entries} ${mac}\n`);
  writeFileSync(`${path}.tmp`, lines.join(''), { mode: 0o600, flush: true });
  renameSync(`${path}.tmp`, path);
}

// npm run audit:verify [-- --anchors=<file>]
if (require.main === module) {
  void bootOrExit('audit:verify', async () => {
    const { values } = parseArgs({ options: { anchors: { type: 'string' } } });
    const intact = await verifyAudit(auditVerifyConfig.parse(process.env), {
      anchors: values.anchors,
      print: (line) => process.stdout.write(`${line}\n`),
    });
    process.exitCode = intact ? 0 : 1;
  });
}
