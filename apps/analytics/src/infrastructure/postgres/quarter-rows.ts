import { plainArray, textArray } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { QuarterDelta, RollupDelta } from '../../domain/rollup-delta';
import { UniqueSketch } from '../../domain/unique-sketch';

export interface QuarterRow extends QuarterDelta {
  tenantId: TenantId;
}

export function quarterRows(delta: RollupDelta): QuarterRow[] {
  return delta.apps.flatMap(({ tenantId, quarters }) =>
    [...quarters.values()].map((quarter) => ({ ...quarter, tenantId })),
  );
}

export function quarterKey(quarter: {
  tenantId: string;
  appId: string;
  eventType: string;
  bucket: string;
}): string {
  const { tenantId, appId, eventType, bucket } = quarter;
  return `${tenantId}${appId}${bucket}${eventType}`;
}

/** All of them, as the statement that adds quarters takes them. */
export function quarterColumns(rows: readonly QuarterRow[]): (string | Buffer)[] {
  const sketches = new SketchColumn();
  const users = rows.map((row) => sketches.add(row.users));
  const sessions = rows.map((row) => sketches.add(row.sessions));
  return [
    ...keyColumns(rows),
    eventsColumn(rows),
    sketches.bytes(),
    plainArray(users.map(({ at }) => at)),
    plainArray(users.map(({ length }) => length)),
    plainArray(sessions.map(({ at }) => at)),
    plainArray(sessions.map(({ length }) => length)),
    JSON.stringify(rows.map(({ values }) => values?.few ?? null)),
  ];
}

export function keyColumns(rows: readonly QuarterRow[]): string[] {
  return [
    plainArray(rows.map(({ tenantId }) => tenantId)),
    plainArray(rows.map(({ appId }) => appId)),
    textArray(rows.map(({ eventType }) => eventType)),
    plainArray(rows.map(({ bucket }) => bucket)),
  ];
}

export function eventsColumn(rows: readonly QuarterRow[]): string {
  return plainArray(rows.map(({ events }) => events));
}

/** Sketches as one binary parameter: as an array of bytea each would travel in hexadecimal, at twice its length. */
class SketchColumn {
  private readonly parts: Buffer[] = [];
  private length = 0;

  /** @returns which part of the whole it is, counted as `substring` counts */
  add(sketch: UniqueSketch): { at: number; length: number } {
    const bytes = sketch.toBytes();
    const at = this.length + 1;
    this.parts.push(bytes);
    this.length += bytes.length;
    return { at, length: bytes.length };
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}
