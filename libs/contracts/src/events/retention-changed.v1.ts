/** A tenant changed how long its events are kept; whoever keeps events follows. Topic `events.retention-changed.v1`. */
export interface RetentionChangedV1 {
  /** Whole calendar months (UTC) before the current one. */
  months: number;
  /** Nothing from before is kept or admitted, whatever the months say: what was given up once stays given up. */
  keptFrom: string;
  /** Of two changes the later one counts, in whatever order they arrive. */
  changedAt: string;
}

export const retentionChangedV1Example: RetentionChangedV1 = {
  months: 6,
  keptFrom: '2025-10-01T00:00:00.000Z',
  changedAt: '2026-11-22T12:00:00.000Z',
};
