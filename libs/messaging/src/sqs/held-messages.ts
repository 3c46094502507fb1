/** The messages a consumer holds; keeps them invisible to others for as long as it holds them. */
export class HeldMessages {
  /** Receipt handle → when the queue would show the message again, on the clock that nobody sets. */
  private readonly deadlines = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly visibilitySeconds: number,
    private readonly extend: (handles: string[]) => Promise<void>,
  ) {
    this.timer = setInterval(() => this.renew(), (visibilitySeconds * 1000) / 4);
  }

  hold(handle: string): void {
    this.deadlines.set(handle, this.deadline());
  }

  release(handle: string): void {
    this.deadlines.delete(handle);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private renew(): void {
    const soon = performance.now() + (this.visibilitySeconds * 1000) / 2;
    const due = [...this.deadlines].filter(([, deadline]) => deadline <= soon).map(([handle]) => handle);
    if (due.length === 0) return;
    this.extend(due).then(
      () => due.filter((handle) => this.deadlines.has(handle)).forEach((handle) => this.hold(handle)),
      // The next round tries again; until then the old deadline stands.
      () => undefined,
    );
  }

  private deadline(): number {
    return performance.now() + this.visibilitySeconds * 1000;
  }
}
