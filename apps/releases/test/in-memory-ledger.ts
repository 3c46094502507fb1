import { Fact, Outbox, TenantId, TenantTransaction, requestContext } from '@libs/kernel';
import { ReleaseQueue } from '../src/application/release-queue';
import { DeadLetterQueue } from '../src/application/dead-letter-queue';
import { TenantCopies, TenantCopy } from '../src/application/tenant-copies';
import { PostedRelease, Release } from '../src/domain/release';
import { Addition, ReleaseRepository } from '../src/domain/release.repository';
import { Rejection, RejectionRepository, isAttributed } from '../src/domain/rejection';

/** A ledger in memory with the one property its tests need of a database: what fails leaves no trace. */
export class InMemoryLedger extends TenantTransaction {
  posted = new Map<string, PostedRelease>();
  rejections: Rejection[] = [];
  facts: Fact[] = [];
  /** Refuses a release as a database would refuse its data. */
  refuses: (release: Release) => boolean = () => false;
  /** Fails that many of the next commits. */
  failingCommits = 0;

  run<T>(work: () => Promise<T>): Promise<T> {
    return this.runFor([requestContext.tenantId()], work);
  }

  async runFor<T>(_tenantIds: readonly TenantId[], work: () => Promise<T>): Promise<T> {
    const before = {
      posted: new Map(this.posted),
      rejections: [...this.rejections],
      facts: [...this.facts],
    };
    try {
      const result = await work();
      if (this.failingCommits > 0) {
        this.failingCommits -= 1;
        throw Object.assign(new Error('Connection terminated'), { code: '08006' });
      }
      return result;
    } catch (error) {
      Object.assign(this, before);
      throw error;
    }
  }
}

export class InMemoryReleases extends ReleaseRepository {
  constructor(private readonly ledger: InMemoryLedger) {
    super();
  }

  async addAll(releases: readonly PostedRelease[]): Promise<Addition> {
    if (releases.some(({ release }) => this.ledger.refuses(release)))
      throw Object.assign(new Error('violates check constraint'), { code: '23514' });
    const addition: Addition = { added: [], known: [] };
    for (const posted of releases) {
      const key = posted.release.tenantId + posted.release.id;
      const known = this.ledger.posted.get(key);
      if (known) addition.known.push({ release: posted.release, inputHash: known.release.inputHash });
      else {
        this.ledger.posted.set(key, posted);
        addition.added.push(posted);
      }
    }
    return addition;
  }
}

export class InMemoryRejections extends RejectionRepository {
  constructor(private readonly ledger: InMemoryLedger) {
    super();
  }

  async addAll(rejections: readonly Rejection[]): Promise<readonly Rejection[]> {
    const keyOf = ({ tenantId, releaseId, inputHash }: Rejection) => `${tenantId} ${releaseId} ${inputHash}`;
    const fresh: Rejection[] = [];
    for (const rejection of rejections) {
      const known = [...this.ledger.rejections, ...fresh].some((other) => keyOf(other) === keyOf(rejection));
      if (!known || !isAttributed(rejection)) fresh.push(rejection);
    }
    this.ledger.rejections.push(...fresh);
    return fresh;
  }
}

export class InMemoryOutbox extends Outbox {
  constructor(private readonly ledger: InMemoryLedger) {
    super();
  }

  async add(facts: readonly Fact[]): Promise<void> {
    this.ledger.facts.push(...facts);
  }
}

export class InMemoryTenantCopies extends TenantCopies {
  readonly kept = new Map<TenantId, TenantCopy>();

  async keep(copies: readonly TenantCopy[]): Promise<void> {
    for (const copy of copies)
      if ((this.kept.get(copy.tenantId)?.revision ?? -1) < copy.revision) this.kept.set(copy.tenantId, copy);
  }

  async timeZonesOf(tenantIds: readonly TenantId[]): Promise<ReadonlyMap<TenantId, string>> {
    return new Map(
      tenantIds.flatMap((tenantId) => {
        const zone = this.kept.get(tenantId)?.timeZone;
        return zone === undefined ? [] : [[tenantId, zone]];
      }),
    );
  }
}

/** Remembers what it was given; `failure` makes it refuse. */
export class InMemoryQueue extends ReleaseQueue {
  readonly queued: Release[] = [];
  failure?: Error;

  put(release: Release): Promise<void> {
    return this.putAll([release]);
  }

  async putAll(releases: readonly Release[]): Promise<void> {
    if (this.failure) throw this.failure;
    this.queued.push(...releases);
  }
}

export class InMemoryDeadLetterQueue extends DeadLetterQueue {
  readonly sent: Rejection[] = [];

  async send(rejections: readonly Rejection[]): Promise<void> {
    this.sent.push(...rejections);
  }
}
