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

/** Sketches as one binary parameter: as an array of bytea each would travel in hexadecimal, at twice its length. */
export class SketchColumn {
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
