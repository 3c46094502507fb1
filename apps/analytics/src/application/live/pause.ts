/** A rest that somebody may end early, also before it has begun. */
export class Pause {
  private wake?: () => void;
  private ended = false;

  /** From here on an end counts for the next rest. */
  begin(): void {
    this.ended = false;
  }

  end(): void {
    this.ended = true;
    this.wake?.();
  }

  async rest(milliseconds: number): Promise<void> {
    if (this.ended) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      timer.unref();
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }
}
