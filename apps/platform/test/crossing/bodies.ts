import { randomBytes } from 'node:crypto';

const some = () => randomBytes(4).toString('hex');

const alert = () => ({
  name: `Alerta ${some()}`,
  metric: 'events',
  condition: { kind: 'threshold', windowMinutes: 1_440, below: 1_000_000 },
});

/** What a well-behaved client sends; without it an attack would only meet the validation. A route without one gets {}. */
const BODIES: Record<string, () => object> = {
  'POST /api/v1/releases': () => ({ description: `Venda ${some()}`, amount: '12.34' }),
  'POST /api/v1/releases/batch': () => ({ releases: [{ description: `Venda ${some()}`, amount: '1.00' }] }),
  'POST /api/v1/releases/:id/documents': () => ({
    name: 'nota.pdf',
    contentType: 'application/pdf',
    size: 3,
    sha256: 'a'.repeat(64),
  }),
  'POST /api/v1/apps': () => ({ name: `Loja ${some()}` }),
  'PATCH /api/v1/apps/:id': () => ({ name: `Loja ${some()}` }),
  'POST /api/v1/keys': () => ({ name: 'Integração', scopes: ['releases:read', 'releases:write'] }),
  'PATCH /api/v1/tenants/me': () => ({ origins: ['https://app.example'] }),
  'POST /api/v1/tenants/me/members': () => ({ email: `pessoa-${some()}@convite.example`, role: 'viewer' }),
  'PATCH /api/v1/tenants/me/members/:userId': () => ({ role: 'viewer' }),
  'PUT /api/v1/events/retention': () => ({ months: 13, criticalMonths: 60 }),
  'POST /api/v1/analytics/alerts': () => alert(),
  'PATCH /api/v1/analytics/alerts/:id': () => ({ name: `Alerta ${some()}` }),
  'POST /api/v1/analytics/alerts/preview': () => ({ metric: 'users', condition: alert().condition, days: 2 }),
  // nobody listens there, and nothing is ever told there
  'POST /api/v1/analytics/webhooks': () => ({ url: 'http://127.0.0.1:65535/', events: ['event.nada'] }),
  'PATCH /api/v1/analytics/webhooks/:id': () => ({ description: `Loja ${some()}` }),
  'POST /api/v1/analytics/webhooks/:id/secret': () => ({ overlapHours: 1 }),
  'POST /api/v1/analytics/webhooks/:id/deliveries/replay': () => ({ since: '2026-01-01T00:00:00.000Z' }),
  'POST /api/v1/tenants/me/domains': () => ({ domain: `d-${some()}.example` }),
};

export function bodyFor(method: string, path: string): object | undefined {
  if (method === 'GET' || method === 'DELETE') return undefined;
  return (BODIES[`${method} ${path}`] ?? (() => ({})))();
}
