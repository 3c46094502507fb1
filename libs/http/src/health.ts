/** What an application needs to work, each part by name, and whether it is on its way out. */
export class Readiness {
  draining = false;
  private readonly checks = new Map<string, () => Promise<void>>();
  private asking?: Promise<Record<string, DependencyState>>;

  constructor(private readonly timeoutMs = 2_000) {}

  /** `check` rejects while the dependency cannot be used. */
  add(name: string, check: () => Promise<void>): void {
    this.checks.set(name, check);
  }

  /** Another application's dependencies as well, under its name: `auth: database`. */
  include(name: string, other: Readiness): void {
    for (const [dependency, check] of other.checks) this.checks.set(`${name}: ${dependency}`, check);
  }

  async report(): Promise<ReadinessReport> {
    // Anybody may ask, as often as they like: all who ask at once share one look at each dependency.
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    const dependencies = await this.asking;
    const up = !this.draining && Object.values(dependencies).every((state) => state === 'up');
    return { status: this.draining ? 'draining' : up ? 'ready' : 'unavailable', dependencies };
  }

  private async ask(): Promise<Record<string, DependencyState>> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await this.stateOf(check)] as const),
    );
    return Object.fromEntries(entries);
  }

  /** The reason of a failure stays in the logs of whoever failed: health is open to anybody. */
  private async stateOf(check: () => Promise<void>): Promise<DependencyState> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<DependencyState>((resolve) => {
      timer = setTimeout(() => resolve('down'), this.timeoutMs);
    });
    const state = check().then(
      (): DependencyState => 'up',
      (): DependencyState => 'down',
    );
    try {
      return await Promise.race([state, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}

export type DependencyState = 'up' | 'down';

export interface ReadinessReport {
  status: 'ready' | 'unavailable' | 'draining';
  dependencies: Record<string, DependencyState>;
}
