import { Injectable, Logger, OnApplicationShutdown } from '@nestjs/common';
import { TenantId } from '@libs/kernel';
import { LiveLook, LiveReader, LiveState, WatchedApp } from './live.reader';
import { Pause } from './pause';

const SECOND = 1_000;
/** So often it is told how things are where nothing happens: time passes, and who was there is gone. */
const QUIET_SECONDS = 5;
/** After the whole second, so that a clock that is read a little early does not tell the one before. */
const LATE_MS = 20;
/** Counting an application takes at most such a part of the time: what takes long is told less often. */
const SHARE = 0.1;
/** What could not be counted is left alone for so long. */
const FAILED_SECONDS = 10;
const TENANTS_AT_ONCE = 4;
const EVERYBODY = 'all tenants';

/** One state of an application as it goes out to every listener. */
export interface LiveMessage {
  /** Tells two of them apart: time and seq. */
  readonly id: string;
  /** LiveCounts as JSON. */
  readonly text: string;
}

type Take = (message: LiveMessage) => void;

interface Watched extends WatchedApp {
  readonly listeners: Set<Take>;
  last?: LiveMessage & { seq: string; second: number };
  /** The second before which it is not counted again. */
  notBefore: number;
}

/**
 * Tells listeners what goes on in their applications: once a second while something changes, every five seconds otherwise. Each
 * application is counted once an instance, however many listen, and not at all while nobody does. All instances count at the same
 * whole seconds of the database's clock.
 */
@Injectable()
export class LiveFeed implements OnApplicationShutdown {
  private readonly log = new Logger('live');
  private readonly watched = new Map<string, Watched>();
  private readonly pause = new Pause();
  private running?: Promise<void>;
  /** Tenants that could not be counted, and EVERYBODY while nothing can be looked at. */
  private readonly failing = new Set<string>();
  private over = false;

  constructor(private readonly reader: LiveReader) {}

  /**
   * @param take is told the newest state at once where there is one, and each that follows; it throws nothing
   * @returns what ends it
   */
  watch({ tenantId, appId }: WatchedApp, take: Take): () => void {
    const key = keyOf(tenantId, appId);
    const app = this.watched.get(key) ?? { tenantId, appId, listeners: new Set<Take>(), notBefore: 0 };
    this.watched.set(key, app);
    app.listeners.add(take);
    if (app.last) take(app.last);
    // who is the first one somewhere does not wait for the next second
    else this.pause.end();
    if (!this.over) this.running ??= this.run();
    return () => {
      app.listeners.delete(take);
      if (app.listeners.size === 0 && this.watched.get(key) === app) this.watched.delete(key);
    };
  }

  /** How many applications are watched. */
  get apps(): number {
    return this.watched.size;
  }

  async onApplicationShutdown(): Promise<void> {
    this.over = true;
    this.pause.end();
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.watched.size > 0 && !this.over) {
      this.pause.begin();
      await this.pause.rest(await this.turn());
    }
    this.running = undefined;
  }

  /** @returns for how many milliseconds nothing is to be done */
  private async turn(): Promise<number> {
    try {
      const look = await this.reader.look([...this.watched.values()]);
      const at = performance.now();
      const clock = look.clock.getTime();
      const second = Math.floor(clock / SECOND);
      this.worked(EVERYBODY);
      await this.tell(look, second);
      // where telling took longer than a second, some are passed over
      return Math.max(0, (second + 1) * SECOND - clock + LATE_MS - (performance.now() - at));
    } catch (error) {
      this.failed(EVERYBODY, error);
      return SECOND;
    }
  }

  private async tell({ states }: LiveLook, second: number): Promise<void> {
    const due = states.filter((state) => this.isDue(state, second));
    const tenants = [...Map.groupBy(due, ({ tenantId }) => tenantId)];
    const next = async (): Promise<void> => {
      for (let turn = tenants.shift(); turn; turn = tenants.shift())
        await this.count(turn[0], turn[1], second);
    };
    await Promise.all(Array.from({ length: TENANTS_AT_ONCE }, next));
  }

  private isDue({ tenantId, appId, seq }: LiveState, second: number): boolean {
    const app = this.watched.get(keyOf(tenantId, appId));
    if (!app || second < app.notBefore) return false;
    if (!app.last) return true;
    if (second <= app.last.second) return false;
    return (
      seq !== app.last.seq || Math.floor(second / QUIET_SECONDS) > Math.floor(app.last.second / QUIET_SECONDS)
    );
  }

  /** One tenant's failure is not another's. */
  private async count(tenantId: TenantId, states: readonly LiveState[], second: number): Promise<void> {
    const apps = states.flatMap(({ appId }) => this.watched.get(keyOf(tenantId, appId)) ?? []);
    const from = performance.now();
    try {
      const counts = await this.reader.counts(
        tenantId,
        apps.map(({ appId }) => appId),
        new Date(second * SECOND),
      );
      const notBefore = second + Math.floor((performance.now() - from) / SHARE / SECOND);
      for (const [at, live] of counts.entries()) {
        const app = apps[at];
        if (!app) continue;
        app.notBefore = notBefore;
        app.last = { id: `${live.asOf} ${live.seq}`, text: JSON.stringify(live), seq: live.seq, second };
        for (const take of app.listeners) take(app.last);
      }
      this.worked(tenantId);
    } catch (error) {
      for (const app of apps) app.notBefore = second + FAILED_SECONDS;
      this.failed(tenantId, error);
    }
  }

  /** One line for a row of failures, and one more when it works again. */
  private failed(whose: string, error: unknown): void {
    if (!this.failing.has(whose))
      this.log.error(
        `live counts of ${whose} cannot be told`,
        error instanceof Error ? error.stack : String(error),
      );
    this.failing.add(whose);
  }

  private worked(whose: string): void {
    if (this.failing.delete(whose)) this.log.log(`live counts of ${whose} are told again`);
  }
}

function keyOf(tenantId: string, appId: string): string {
  return `${tenantId} ${appId}`;
}
