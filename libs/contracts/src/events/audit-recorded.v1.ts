/** Something that a tenant's audit log must hold happened outside auth, which keeps that log. Topic `audit.recorded.v1`. */
export interface AuditRecordedV1 {
  /** UUIDv7: the consumer records it once. */
  entryId: string;
  /** `events.person_exported`: the service, a dot, what happened. */
  action: string;
  /** A person's id, or an API key's; empty where nobody did it but the platform itself. */
  actorId: string;
  actorKind: 'person' | 'key' | 'system';
  /** What it was done to; no personal data. */
  target: string;
  /** Short facts for whoever reads the log; no personal data. */
  details: Record<string, string>;
  occurredAt: string;
}

export const auditRecordedV1Example: AuditRecordedV1 = {
  entryId: '019a2b3c-4d5e-7f60-9a1b-2c3d4e5f6073',
  action: 'events.person_exported',
  actorId: '019a2b3c-0000-7000-8000-000000000001',
  actorKind: 'person',
  target: '9f0c7a52-6f0e-4f0a-9c39-0d8f3c6f3a11',
  details: { events: '42' },
  occurredAt: '2026-11-22T12:00:00.000Z',
};
