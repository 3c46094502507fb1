import { EventLogFull } from '../../domain/collect.errors';

/** Something bounded, of which no tenant holds more than its share. */
export class TenantShares {
  private readonly held = new Map<string, number>();
  private all = 0;

  /**
   * @param share what one tenant may hold, beyond a first piece of any size
   * @param whole what all may hold together, likewise
   */
  constructor(
    private readonly share: number,
    private readonly whole = Infinity,
  ) {}

  /** Counts `weight` until `work` is settled. @throws EventLogFull instead of beginning it */
  async hold<T>(tenantId: string, weight: number, work: () => Promise<T>): Promise<T> {
    const before = this.held.get(tenantId) ?? 0;
    if (before > 0 && (before + weight > this.share || this.all + weight > this.whole))
      throw new EventLogFull();
    this.held.set(tenantId, before + weight);
    this.all += weight;
    try {
      return await work();
    } finally {
      this.all -= weight;
      const after = (this.held.get(tenantId) ?? 0) - weight;
      if (after > 0) this.held.set(tenantId, after);
      else this.held.delete(tenantId);
    }
  }
}
