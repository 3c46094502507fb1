import { Injectable } from '@nestjs/common';
import { Clock } from '@libs/kernel';
import { ReportScope } from './report-scope';
import { ReportStore } from './report-store';
import { ReportTransaction } from './report-transaction';
import { ReportVersions } from './report-versions';

/** What tells two reports of one scope apart: its kind and its parameters, of plain JSON values. */
export type ReportQuestion = Readonly<Record<string, unknown>> & { readonly report: string };

/** The beginning of every report. */
export interface ReportHead {
  appId: string;
  timeZone: string;
  from: string;
  to: string;
  /** Every event that was stored before is in it. */
  asOf: string;
}

/** A report as it goes out: JSON text, so that a hit is a read and a send. */
export interface Report {
  body: string;
  cached: boolean;
  ageSeconds: number;
}

/**
 * Answers reports from the store as long as nothing that they are about has changed. The version of what a report is about is
 * read each time, from the server that the report is read from, so that no answer is older than that server.
 */
@Injectable()
export class Reports {
  private readonly computing = new Map<string, Promise<string>>();

  constructor(
    private readonly transaction: ReportTransaction,
    private readonly versions: ReportVersions,
    private readonly store: ReportStore,
    private readonly clock: Clock,
  ) {}

  /** @param compute runs inside a ReportTransaction of the tenant; what it gives follows the head */
  async cached(
    question: ReportQuestion,
    scope: ReportScope,
    compute: () => Promise<object>,
  ): Promise<Report> {
    const { tenantId, appId, period, since = period.from } = scope;
    const { version } = await this.versions.now(tenantId, appId, since, period.to);
    const asked = textOf(question, scope);
    const kept = await this.store.read(scope.tenantId, `${version} ${asked}`);
    if (kept?.body !== undefined) return { body: kept.body, cached: true, ageSeconds: kept.ageSeconds ?? 0 };
    // Whoever joins saw the version that the first one saw, and the computation began after that.
    const name = `${scope.tenantId} ${version} ${asked}`;
    let body = this.computing.get(name);
    if (!body) {
      body = this.computeAndKeep(asked, scope, compute).finally(() => this.computing.delete(name));
      this.computing.set(name, body);
    }
    return { body: await body, cached: false, ageSeconds: 0 };
  }

  private async computeAndKeep(
    asked: string,
    scope: ReportScope,
    compute: () => Promise<object>,
  ): Promise<string> {
    // The version is read again, in the transaction of the report: behind one address there may be several replicas, and an
    // answer must never be kept under a version that its own server has not seen.
    const { version, body } = await this.inTransaction(scope, async () => {
      const seen = await this.versionOf(scope);
      const head = this.headOf(scope, seen.changedAt ?? this.clock.now());
      return { version: seen.version, body: JSON.stringify({ ...head, ...(await compute()) }) };
    });
    const key = `${version} ${asked}`;
    const kept = await this.store.read(scope.tenantId, key);
    if (kept) await this.store.keep(scope, key, kept.ticket, body);
    return body;
  }

  private inTransaction<T>({ tenantId }: ReportScope, work: () => Promise<T>): Promise<T> {
    return this.transaction.runFor([tenantId], work);
  }

  private versionOf({ tenantId, appId, period, since = period.from }: ReportScope) {
    return this.versions.of(tenantId, appId, since, period.to);
  }

  private headOf({ appId, period }: ReportScope, asOf: Date): ReportHead {
    const { from, to, timeZone } = period;
    return { appId, timeZone, from: from.toISOString(), to: to.toISOString(), asOf: asOf.toISOString() };
  }
}

/** One spelling of one question. The tenant's own zone is in it, too: days made beforehand fold rare values. */
function textOf(question: ReportQuestion, { appId, period, tenantZone }: ReportScope): string {
  const { from, to, timeZone } = period;
  const members = Object.keys(question)
    .filter((key) => question[key] !== undefined)
    .sort()
    .map((key) => [key, question[key]]);
  return JSON.stringify([appId, from, to, timeZone, tenantZone, members]);
}
