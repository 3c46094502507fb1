import { TooManyReports } from '../../domain/raw-report.errors';

/** Lets so many work at once; as many more may wait as `waiting` says, first come first served. */
export class FewAtOnce {
  private working = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly most: number,
    private readonly waiting: number,
  ) {}

  /** @throws TooManyReports */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.working < this.most) this.working += 1;
    else if (this.queue.length < this.waiting) await new Promise<void>((resolve) => this.queue.push(resolve));
    else throw new TooManyReports();
    try {
      return await work();
    } finally {
      // who waits takes over the place
      const next = this.queue.shift();
      if (next) next();
      else this.working -= 1;
    }
  }
}
