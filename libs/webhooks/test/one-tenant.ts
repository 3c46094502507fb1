import { EnqueueDeliveries, newId, TenantId } from '@libs/kernel';
import { TestDatabase } from '@libs/testing';
import { RegisterWebhook } from '../src/managing/register-webhook';
import { ShowDeliveries } from '../src/managing/show-deliveries';
import { Api, FakeBodies, openApi, openWorker, WorkerHalf } from './hooks';
import { hooksDatabase } from './hooks-database';
import { Receiver } from './receiver';

export const BY = newId();

/** A service with webhooks on a database of its own: for each test a tenant of its own, a receiver, and a worker that sends. */
export class OneTenant {
  database!: TestDatabase;
  api!: Api;
  worker!: WorkerHalf;
  bodies!: FakeBodies;
  receiver!: Receiver;
  tenantId!: TenantId;

  /** Has the tests of the suite around it find everything open. */
  static forEachTest(): OneTenant {
    const hooks = new OneTenant();
    beforeAll(async () => {
      hooks.database = await hooksDatabase();
      hooks.api = await openApi(hooks.database);
    });
    beforeEach(async () => {
      hooks.tenantId = newId<TenantId>();
      hooks.receiver = await Receiver.start();
      hooks.bodies = new FakeBodies();
      hooks.worker = await openWorker(hooks.database, { bodies: hooks.bodies });
      await hooks.worker.start();
    });
    afterEach(async () => {
      await hooks.worker.close();
      await hooks.receiver.close();
    });
    afterAll(async () => {
      await hooks.api.close();
      await hooks.database.drop();
    });
    return hooks;
  }

  register(events = ['event.*'], url = this.receiver.url, appId?: string) {
    const { tenantId } = this;
    return this.asTenant(() =>
      this.api.get(RegisterWebhook).execute({ tenantId, by: BY, url, events, appId }),
    );
  }

  enqueue(type: string, key: string, more: { webhookId?: string; appId?: string } = {}): Promise<void> {
    const { tenantId, worker } = this;
    return worker.transaction.runFor([tenantId], () =>
      worker.get(EnqueueDeliveries).add([{ tenantId, type, subject: { key }, subjectKey: key, ...more }]),
    );
  }

  deliveries(webhookId: string) {
    return this.asTenant(() => this.api.get(ShowDeliveries).list(this.tenantId, { webhookId }, 100));
  }

  asTenant<T>(work: () => Promise<T>): Promise<T> {
    return this.api.as(this.tenantId, work);
  }
}
