/** Members with their expiry, and the set of those still in it: the same object for as long as nothing changed. */
export class LocalMembers {
  private readonly expiries = new Map<string, number>();
  private live: ReadonlySet<string> = new Set();
  private changed = false;
  private nextExpiry = Infinity;

  add(member: string, expiresAt: number): void {
    const known = this.expiries.get(member);
    if (known !== undefined && known >= expiresAt) return;
    this.expiries.set(member, expiresAt);
    this.nextExpiry = Math.min(this.nextExpiry, expiresAt);
    this.changed ||= known === undefined;
  }

  current(now: number): ReadonlySet<string> {
    if (!this.changed && now < this.nextExpiry) return this.live;
    let dropped = false;
    this.nextExpiry = Infinity;
    for (const [member, expiresAt] of this.expiries) {
      if (expiresAt > now) this.nextExpiry = Math.min(this.nextExpiry, expiresAt);
      else dropped = this.expiries.delete(member);
    }
    if (this.changed || dropped) this.live = new Set(this.expiries.keys());
    this.changed = false;
    return this.live;
  }
}
