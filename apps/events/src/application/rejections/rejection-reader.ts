import { TenantId } from '@libs/kernel';
import { KeptRejection } from '../../domain/kept-rejection';

/** A rejected event, and what became of it since. */
export type RejectionView = Omit<KeptRejection, 'event' | 'tenantId'> & {
  /** How often it was sent again. */
  attempts: number;
  replayedAt?: string;
};

export interface RejectionFilter {
  code?: string;
  eventType?: string;
  /** Instants by which they were received, themselves included. */
  from?: Date;
  to?: Date;
  /** Only those that were accepted since, or only those that were not. */
  replayed?: boolean;
}

/** A place in the list. */
export interface RejectionPlace {
  receivedAt: Date;
  rejectionId: string;
}

/** What became of one that was sent again. */
export interface ReplayOutcome {
  rejectionId: string;
  /** Why it was refused again; absent for an accepted one. */
  refused?: { code: string; message: string };
}

/** Reads the store for one tenant, and notes what was sent again; in the open transaction. */
export abstract class RejectionReader {
  abstract find(
    tenantId: TenantId,
    rejectionId: string,
  ): Promise<(KeptRejection & RejectionView) | undefined>;

  /** Newest first. */
  abstract list(
    tenantId: TenantId,
    filter: RejectionFilter,
    after: RejectionPlace | undefined,
    limit: number,
  ): Promise<RejectionView[]>;

  /** Whole ones of one person, newest first. */
  abstract listOfPerson(
    tenantId: TenantId,
    person: { userId: string; to: Date },
    after: RejectionPlace | undefined,
    limit: number,
  ): Promise<(KeptRejection & RejectionView)[]>;

  /** Whole ones, those that there are. */
  abstract load(tenantId: TenantId, rejectionIds: readonly string[]): Promise<KeptRejection[]>;

  abstract note(tenantId: TenantId, outcomes: readonly ReplayOutcome[], at: Date): Promise<void>;
}
