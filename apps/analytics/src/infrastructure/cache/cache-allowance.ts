import { Clock } from '@libs/kernel';

export interface Allowance {
  characters: number;
  entries: number;
}

interface Spent extends Allowance {
  until: number;
}

const MOST_NAMES = 10_000;

/**
 * What this process may put into a shared cache under a name while one entry lives. Entries go by themselves, so that of a name there
 * is never more than twice this for each process.
 */
export class CacheAllowance {
  private readonly spent = new Map<string, Spent>();

  constructor(
    private readonly allowed: Allowance,
    private readonly lifetimeMs: number,
    private readonly clock: Clock,
  ) {}

  /** Whether there is room for it: then it is taken. */
  take(name: string, characters: number): boolean {
    const spent = this.spentBy(name);
    if (spent.entries >= this.allowed.entries || spent.characters + characters > this.allowed.characters)
      return false;
    spent.entries += 1;
    spent.characters += characters;
    return true;
  }

  private spentBy(name: string): Spent {
    const now = this.clock.now().getTime();
    const known = this.spent.get(name);
    if (known && now < known.until) return known;
    if (this.spent.size >= MOST_NAMES) this.forgetAllThatIsOver(now);
    const fresh = { entries: 0, characters: 0, until: now + this.lifetimeMs };
    this.spent.set(name, fresh);
    return fresh;
  }

  private forgetAllThatIsOver(now: number): void {
    for (const [name, { until }] of this.spent) if (until <= now) this.spent.delete(name);
  }
}
