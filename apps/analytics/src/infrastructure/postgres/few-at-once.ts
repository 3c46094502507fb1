import { TooManyReports } from '../../domain/raw-report.errors';

interface Waiting {
  of: string;
  begin: () => void;
}

/**
 * Lets so many work at once, and so many more wait. Nobody may have the last place, and of those who wait who has the least at work
 * comes first: whatever one tenant asks for, another one's question waits for a single place at most.
 */
export class FewAtOnce {
  private working = 0;
  private readonly queue: Waiting[] = [];
  private readonly atWork = new Map<string, number>();

  constructor(
    private readonly most: number,
    private readonly waiting: number,
  ) {}

  /** @throws TooManyReports */
  async run<T>(of: string, work: () => Promise<T>): Promise<T> {
    if (this.working < this.most) this.begin(of);
    else if (this.mayWait(of)) await new Promise<void>((begin) => this.queue.push({ of, begin }));
    else throw new TooManyReports();
    try {
      return await work();
    } finally {
      this.end(of);
    }
  }

  private mayWait(of: string): boolean {
    const own = this.queue.filter((other) => other.of === of).length + this.workingOf(of);
    return this.queue.length < this.waiting && own < this.most + this.waiting - 1;
  }

  private begin(of: string): void {
    this.working += 1;
    this.atWork.set(of, this.workingOf(of) + 1);
  }

  private end(of: string): void {
    this.working -= 1;
    const left = this.workingOf(of) - 1;
    if (left > 0) this.atWork.set(of, left);
    else this.atWork.delete(of);
    // who waits takes over the place at once: nobody who comes now is before them
    const [next] = this.queue.toSorted((a, b) => this.workingOf(a.of) - this.workingOf(b.of));
    if (!next) return;
    this.queue.splice(this.queue.indexOf(next), 1);
    this.begin(next.of);
    next.begin();
  }

  private workingOf(of: string): number {
    return this.atWork.get(of) ?? 0;
  }
}
