import { TenantId } from '@libs/kernel';
import { Period } from '../domain/period';
import { Reports } from './report-cache';
import { ReportScope } from './report-scope';
import { KeptReport, ReportsOf, ReportStore } from './report-store';
import { ReportTransaction } from './report-transaction';
import { ReportVersion, ReportVersions } from './report-versions';

const NOW = new Date('2026-11-22T16:00:00.000Z');
const TENANT = '019a2b3c-0000-7000-8000-000000000001' as TenantId;
const scope = (changes: Partial<ReportScope> = {}): ReportScope => ({
  tenantId: TENANT,
  appId: '019a2b3c-0000-7000-8000-00000000000a',
  period: Period.ofDays('2026-11-01', '2026-11-20', 'UTC'),
  tenantZone: 'UTC',
  ...changes,
});

class KeptInMemory extends ReportStore {
  readonly bodies = new Map<string, string>();
  away = false;

  async read(tenantId: TenantId, key: string): Promise<KeptReport | undefined> {
    const body = this.bodies.get(tenantId + key);
    return this.away ? undefined : { body, ageSeconds: body === undefined ? undefined : 3, ticket: 'now' };
  }

  async keep({ tenantId }: ReportsOf, key: string, _ticket: string, body: string): Promise<void> {
    this.bodies.set(tenantId + key, body);
  }
}

class OpenTransaction extends ReportTransaction {
  run<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  runFor<T>(_tenants: readonly TenantId[], work: () => Promise<T>): Promise<T> {
    return work();
  }
}

class ToldVersions extends ReportVersions {
  next: ReportVersion[] = [];
  current: ReportVersion = { version: '7' };

  now = (): Promise<ReportVersion> => this.of();

  async of(): Promise<ReportVersion> {
    return this.next.shift() ?? this.current;
  }
}

describe('Reports', () => {
  const store = new KeptInMemory();
  const versions = new ToldVersions();
  const reports = new Reports(new OpenTransaction(), versions, store, { now: () => NOW });
  let computed = 0;
  const compute = async (): Promise<object> => ({ total: ++computed });
  const ask = (question = {}, asked = scope()) =>
    reports.cached({ report: 'summary', ...question }, asked, compute);

  beforeEach(() => {
    store.bodies.clear();
    store.away = false;
    versions.current = { version: '7' };
    computed = 0;
  });

  it('tells what it is about, and as of when', async () => {
    versions.current = { version: '7', changedAt: new Date('2026-11-20T10:00:00.000Z') };
    expect(JSON.parse((await ask()).body)).toEqual({
      appId: scope().appId,
      timeZone: 'UTC',
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-11-21T00:00:00.000Z',
      asOf: '2026-11-20T10:00:00.000Z',
      total: 1,
    });
  });

  it('answers again what nothing has changed', async () => {
    const first = await ask();
    expect([first.cached, first.ageSeconds]).toEqual([false, 0]);
    const second = await ask();
    expect(second).toEqual({ body: first.body, cached: true, ageSeconds: 3 });
  });

  it('computes anew once what it is about has changed', async () => {
    await ask();
    versions.current = { version: '8' };
    expect((await ask()).cached).toBe(false);
    expect(computed).toBe(2);
  });

  it('takes the same parameters in another order for the same question', async () => {
    await ask({ limit: 5, eventType: 'click' });
    expect((await ask({ eventType: 'click', limit: 5, breakdown: undefined })).cached).toBe(true);
  });

  it.each([
    ['report', { report: 'timeline' }, {}],
    ['parameter', { limit: 6 }, {}],
    ['application', {}, { appId: '019a2b3c-0000-7000-8000-00000000000b' }],
    ['tenant', {}, { tenantId: '019a2b3c-0000-7000-8000-000000000002' as TenantId }],
    ['zone', {}, { period: Period.ofInstants(scope().period.from, scope().period.to, 'Etc/GMT') }],
    ['time', {}, { period: Period.ofDays('2026-11-01', '2026-11-19', 'UTC') }],
  ])('never answers one %s by another', async (_what, question, changes) => {
    await ask();
    expect((await ask(question, scope(changes))).cached).toBe(false);
  });

  it('computes once for all who ask at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(computed).toBe(1);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  });

  it('does not join a computation that began before the change it has seen', async () => {
    const [before, after] = [{ version: '7' }, { version: '8' }];
    versions.next = [before, after];
    await Promise.all([ask(), ask()]);
    expect(computed).toBe(2);
  });

  it('keeps an answer under the version that its own transaction saw', async () => {
    versions.next = [{ version: '9' }, { version: '8' }];
    await ask();
    versions.current = { version: '9' };
    expect((await ask()).cached).toBe(false);
  });

  it('keeps nothing of a failure', async () => {
    const failing = reports.cached({ report: 'summary' }, scope(), () => Promise.reject(new Error('away')));
    await expect(failing).rejects.toThrow('away');
    expect((await ask()).cached).toBe(false);
  });

  it('does without the store while it is away', async () => {
    store.away = true;
    expect((await ask()).cached).toBe(false);
    expect((await ask()).cached).toBe(false);
    expect(store.bodies.size).toBe(0);
  });
});
