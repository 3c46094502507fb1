import { logger } from '@libs/logging';

/** What was opened so far, to be closed in the opposite order, whether the start failed or the end has come. */
export class Undo {
  private readonly steps: { name: string; close: () => Promise<void> | void }[] = [];
  private readonly forced: (() => void)[] = [];

  add(name: string, close: () => Promise<void> | void): void {
    this.steps.push({ name, close });
  }

  /** A part that is opened in steps of its own, in this one's place in the order. */
  part(name: string): Undo {
    const part = new Undo();
    this.add(name, () => part.run());
    return part;
  }

  /** From now on one way of closing stands for all steps so far. */
  replaceBy(name: string, close: () => Promise<void>): void {
    this.steps.length = 0;
    this.add(name, close);
  }

  /** What has to be said, synchronously, to a process of ours that would outlive us. */
  onForce(tell: () => void): void {
    this.forced.push(tell);
  }

  /** Closes everything; one that fails is logged and does not keep the others open. */
  async run(): Promise<void> {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      try {
        await step.close();
      } catch (error) {
        logger('platform').error({ err: error, part: step.name }, 'could not be closed');
      }
    }
  }

  /** For a way out that cannot wait. */
  force(): void {
    for (const tell of this.forced) {
      try {
        tell();
      } catch (error) {
        logger('platform').error({ err: error }, 'could not be told to stop');
      }
    }
  }
}
