import { TenantId } from '@libs/kernel';
import { TooManyExports } from '../../domain/raw-report.errors';

const OF_A_PROCESS = 8;
const OF_A_TENANT = 2;
/** Longer than any that is read away; whoever stops reading must not keep a place for ever. */
export const LONGEST_EXPORT_MS = 3_600_000;

interface Place {
  tenantId: TenantId;
  since: number;
}

/** How many exports a process reads at the same time. */
export class ExportPlaces {
  private readonly taken = new Set<Place>();

  /** @returns gives the place back; more than once does no harm @throws TooManyExports */
  take(tenantId: TenantId, now: Date): () => void {
    const since = now.getTime();
    for (const place of this.taken) if (place.since + LONGEST_EXPORT_MS < since) this.taken.delete(place);
    const own = [...this.taken].filter((place) => place.tenantId === tenantId).length;
    if (own >= OF_A_TENANT || this.taken.size >= OF_A_PROCESS) throw new TooManyExports();
    const place = { tenantId, since };
    this.taken.add(place);
    return () => void this.taken.delete(place);
  }
}
