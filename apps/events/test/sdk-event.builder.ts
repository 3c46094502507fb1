import { randomUUID } from 'node:crypto';

/** A page view as the SDK sends it, a second old. */
export function aPageView(changes: Record<string, unknown> = {}) {
  return {
    event_id: randomUUID() as string,
    event_type: 'page_view',
    timestamp: new Date(Date.now() - 1_000).toISOString(),
    user: { device_id: randomUUID() },
    session: { session_id: randomUUID(), seq: 1 },
    context: {
      url: 'https://app.estrela.example/extrato',
      user_agent:
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
      locale: 'pt-BR',
    },
    properties: {},
    version: '1.0.0',
    ...changes,
  };
}
