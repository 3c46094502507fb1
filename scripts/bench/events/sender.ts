import { setTimeout as sleep } from 'node:timers/promises';
import { post, registerCompany } from '../company';
import { eventsOf } from './event-mix';

/** A company's server that sends events with an API key. */
export interface Sender {
  tenantId: string;
  headers: { 'x-api-key': string };
}

/** Registers a company, makes its key, and waits until the collector knows it. */
export async function registerSender(url: string): Promise<Sender> {
  const { headers } = await registerCompany(url);
  const { key } = await post<{ key: string }>(
    `${url}/api/v1/keys`,
    { name: 'Bancada', scopes: ['events:write'] },
    headers,
  );
  const me = await fetch(`${url}/api/v1/auth/me`, { headers });
  const { tenant } = (await me.json()) as { tenant: { id: string } };
  const sender = { tenantId: tenant.id, headers: { 'x-api-key': key } };
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await fetch(`${url}/api/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...sender.headers },
      body: JSON.stringify(eventsOf('believable', 1, attempt)[0]),
    });
    const text = await answer.text();
    if (answer.status === 202 && text.includes('"rejected":[]')) return sender;
    if (attempt === 99) throw new Error(`POST /events: ${answer.status} ${text}`);
    await sleep(100);
  }
  throw new Error('unreachable');
}
