/** A pause that ends early when somebody wakes it; a wake while nobody sleeps is kept for the next sleep. */
export class Wakeable {
  private pending = false;
  private resume?: () => void;

  wake(): void {
    this.pending = true;
    this.resume?.();
  }

  /** @returns whether it was woken */
  async sleep(ms: number): Promise<boolean> {
    if (!this.pending) await this.wait(ms);
    const woken = this.pending;
    this.pending = false;
    return woken;
  }

  /** Sleeps the whole time through every wake but one that comes with `enough`. */
  async rest(ms: number, enough: () => boolean): Promise<void> {
    const until = performance.now() + ms;
    while (!enough() && performance.now() < until) {
      await this.wait(until - performance.now());
    }
  }

  private async wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.resume = undefined;
  }
}
