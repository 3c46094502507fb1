import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { eventually, expectCall } from '@libs/testing';

const WEBHOOKS = '/api/v1/analytics/webhooks';
const PATIENTLY = { within: 45_000, every: 100 };

/** On this machine, for everybody's webhooks: so that each delivery is made, and no row changes any more. */
export interface Receiver {
  url: string;
  close(): Promise<void>;
}

export async function openReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Two of them, each told something. */
export async function registerWebhooks(
  url: string,
  { subdomain, token }: { subdomain: string; token: string },
  receiver: Receiver,
): Promise<void> {
  for (const name of ['um', 'dois']) {
    const body = { url: `${receiver.url}/${subdomain}/${name}`, events: ['alert.*'], description: subdomain };
    const { id } = await expectCall<{ id: string }>(url, WEBHOOKS, [201], { token, body });
    for (const time of ['uma', 'outra'])
      await expectCall(url, `${WEBHOOKS}/${id}/test`, [202], {
        token,
        body: {},
        headers: { 'idempotency-key': `${id}-${time}` },
      });
  }
}

export async function webhooksWereTold(admin: Client, { tenantId }: { tenantId: string }): Promise<void> {
  await eventually(async () => {
    const { rows } = await admin.query<{ status: string; count: number }>(
      'select status, count(*)::int from analytics.webhook_delivery where tenant_id = $1 group by status',
      [tenantId],
    );
    expect(rows).toEqual([{ status: 'delivered', count: expect.any(Number) as number }]);
  }, PATIENTLY);
}
