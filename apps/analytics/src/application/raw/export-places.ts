import { TenantId } from '@libs/kernel';
import { TooManyExports } from '../../domain/raw-report.errors';

const OF_A_PROCESS = 8;
const OF_A_TENANT = 2;
/** Longer than any that is read away; whoever stops reading must not keep a place for ever. */
export const LONGEST_EXPORT_MS = 3_600_000;
/** A place whose reader took nothing for so long is given to who asks for one. */
const IDLE_MS = 120_000;

/** The right to read an export, until it ends or is given to another. */
export class ExportPlace {
  private readonly lost = new AbortController();

  constructor(
    readonly tenantId: TenantId,
    readonly since: number,
    private lastRead: number,
    private readonly leave: (place: ExportPlace) => void,
  ) {}

  /** Aborted once another has the place: what is not read by then must not be. */
  get signal(): AbortSignal {
    return this.lost.signal;
  }

  get readAt(): number {
    return this.lastRead;
  }

  /** Its reader took what there was, and wants more. */
  goesOn(now: Date): void {
    this.lastRead = now.getTime();
  }

  /** Gives it back; more than once does no harm. */
  end(): void {
    this.leave(this);
  }

  takeAway(): void {
    this.end();
    this.lost.abort();
  }
}

/** How many exports a process reads at the same time. */
export class ExportPlaces {
  private readonly taken = new Set<ExportPlace>();

  /** @throws TooManyExports */
  take(tenantId: TenantId, now: Date): ExportPlace {
    const since = now.getTime();
    for (const place of this.taken) if (place.since + LONGEST_EXPORT_MS < since) place.takeAway();
    const own = [...this.taken].filter((place) => place.tenantId === tenantId);
    if (own.length >= OF_A_TENANT) takeFrom(own, since);
    else if (this.taken.size >= OF_A_PROCESS) takeFrom([...this.taken], since);
    const place = new ExportPlace(tenantId, since, since, (gone) => void this.taken.delete(gone));
    this.taken.add(place);
    return place;
  }
}

/** From the one that stands still for longest. */
function takeFrom(places: readonly ExportPlace[], now: number): void {
  const [still] = places.toSorted((a, b) => a.readAt - b.readAt);
  if (!still || still.readAt + IDLE_MS > now) throw new TooManyExports();
  still.takeAway();
}
