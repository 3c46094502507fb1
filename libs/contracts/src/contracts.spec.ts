import { contracts } from './catalog';
import { queues, topics } from './channels';
import { MalformedEnvelope, parseEnvelope } from './envelope';

/**
 * The shapes as they went out. A producer of yesterday and a consumer of tomorrow meet in the same topic, so a field
 * here is never renamed, removed or given another type: that is a new file, `.v2.ts`, and a new line here.
 */
const SHAPES: Record<string, Record<string, string>> = {
  'releases.posted.v1': {
    releaseId: 'string',
    userId: 'string',
    amount: 'string',
    description: 'string',
    occurredAt: 'string',
    businessDate: 'string',
  },
  'releases.rejected.v1': { releaseId: 'string', userId: 'string', reason: 'string', detail: 'string' },
  'auth.user-registered.v1': { userId: 'string', role: 'string' },
  'auth.tenant-changed.v1': {
    name: 'string',
    subdomain: 'string',
    timeZone: 'string',
    status: 'string',
    origins: 'array',
    domains: 'array',
    defaultAppId: 'string',
    revision: 'number',
  },
  'auth.api-key-changed.v1': {
    keyId: 'string',
    hmac: 'string',
    pepperVersion: 'number',
    scopes: 'array',
    appId: 'string',
    requestsPerMinute: 'number',
    expiresAt: 'string',
    revokedAt: 'string',
    revision: 'number',
  },
  'auth.api-key-used.v1': { uses: 'array' },
  'auth.session-revoked.v1': { userId: 'string', sessionId: 'string', reason: 'string' },
  'audit.recorded.v1': {
    entryId: 'string',
    action: 'string',
    actorId: 'string',
    actorKind: 'string',
    target: 'string',
    details: 'object',
    occurredAt: 'string',
  },
  events: { events: 'array' },
  'events-errors': { rejections: 'array' },
  'analytics.person-erased.v1': { erasureId: 'string', userId: 'string', erasedAt: 'string' },
  'events.retention-changed.v1': { months: 'number', keptFrom: 'string', changedAt: 'string' },
  'analytics.alert-fired.v1': {
    incidentId: 'string',
    alertId: 'string',
    alertName: 'string',
    appId: 'string',
    eventType: 'string',
    metric: 'string',
    kind: 'string',
    windowMinutes: 'number',
    direction: 'string',
    value: 'number',
    expected: 'number',
    score: 'number',
    timeZone: 'string',
    windowFrom: 'string',
    windowTo: 'string',
    firedAt: 'string',
    notify: 'boolean',
  },
  'analytics.alert-resolved.v1': {
    incidentId: 'string',
    alertId: 'string',
    alertName: 'string',
    appId: 'string',
    eventType: 'string',
    metric: 'string',
    kind: 'string',
    windowMinutes: 'number',
    direction: 'string',
    value: 'number',
    expected: 'number',
    score: 'number',
    timeZone: 'string',
    windowFrom: 'string',
    windowTo: 'string',
    firedAt: 'string',
    resolvedAt: 'string',
    resolution: 'string',
    resolvedValue: 'number',
    notify: 'boolean',
  },
  'analytics.webhook-disabled.v1': {
    webhookId: 'string',
    host: 'string',
    reason: 'string',
    disabledAt: 'string',
  },
  releases: { releases: 'array' },
};

describe('contracts', () => {
  it('are declared for every topic and queue, and for nothing else', () => {
    const channels = [...Object.values(topics), ...Object.values(queues).map((queue) => queue.name)];
    expect(contracts.map((contract) => contract.channel).sort()).toEqual(channels.sort());
  });

  it.each(contracts.map((contract) => [contract.channel, contract] as const))(
    '%s keeps the shape it went out with',
    (channel, { example }) => {
      const shape = Object.fromEntries(Object.entries(example).map(([key, value]) => [key, kindOf(value)]));
      expect(shape).toEqual(SHAPES[channel]);
    },
  );

  it('keeps the shape of a queued release', () => {
    const queued = contracts.find((contract) => contract.channel === 'releases')?.example;
    const [first] = (queued as { releases: object[] }).releases;
    expect(
      Object.fromEntries(Object.entries(first ?? {}).map(([key, value]) => [key, kindOf(value)])),
    ).toEqual({
      releaseId: 'string',
      userId: 'string',
      amount: 'string',
      description: 'string',
      occurredAt: 'string',
      metadata: 'object',
      inputHash: 'string',
      requestId: 'string',
    });
  });

  it('carry money as decimal strings and times as RFC 3339 in UTC', () => {
    const fields = contracts.flatMap(({ example }) => [...leaves(example)]);
    for (const [key, value] of fields) {
      if (key === 'amount') expect(value).toMatch(/^-?\d+\.\d{2}$/);
      if (key === 'occurredAt') expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
  });
});

describe('parseEnvelope', () => {
  const envelope = {
    id: '019a2b3c-4d5e-7f60-9a1b-2c3d4e5f6071',
    type: 'releases.posted.v1',
    version: 1,
    tenantId: '019a2b3c-0000-7000-8000-000000000009',
    occurredAt: '2026-11-22T02:59:59.999Z',
    requestId: 'r-1',
    payload: { releaseId: 'x' },
  };

  it('reads back what was written', () => {
    expect(parseEnvelope(JSON.stringify(envelope))).toEqual(envelope);
  });

  it.each(['id', 'type', 'tenantId', 'occurredAt', 'requestId', 'payload'])(
    'refuses one without %s',
    (field) => {
      const { [field as 'id']: _, ...rest } = envelope;
      expect(() => parseEnvelope(JSON.stringify(rest))).toThrow(MalformedEnvelope);
      expect(() => parseEnvelope(JSON.stringify(rest))).toThrow(field);
    },
  );

  it('quotes nothing of what it cannot read: the reason is logged and kept', () => {
    expect(() => parseEnvelope('52998224725')).toThrow(/^not an object$/);
    expect(() => parseEnvelope('cpf 52998224725')).toThrow(/^not JSON$/);
    expect(() => parseEnvelope('{"user": "maria@exemplo.com" x')).toThrow(/^not JSON$/);
  });

  it.each(['', '{', 'null', '[]', '"text"', '1'])('refuses %j', (text) => {
    expect(() => parseEnvelope(text)).toThrow(MalformedEnvelope);
  });
});

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

function* leaves(value: object): Generator<[string, unknown]> {
  for (const [key, child] of Object.entries(value)) {
    if (typeof child === 'object' && child !== null) yield* leaves(child as object);
    else yield [key, child];
  }
}
