/** Every topic, declared once; docker-compose, localstack and Terraform are held to this list by a test. */
export const topics = {
  releasesPosted: 'releases.posted.v1',
  releasesRejected: 'releases.rejected.v1',
  userRegistered: 'auth.user-registered.v1',
  tenantChanged: 'auth.tenant-changed.v1',
  sessionRevoked: 'auth.session-revoked.v1',
  apiKeyChanged: 'auth.api-key-changed.v1',
  apiKeyUsed: 'auth.api-key-used.v1',
  auditRecorded: 'audit.recorded.v1',
  events: 'events',
  eventsErrors: 'events-errors',
  personErased: 'analytics.person-erased.v1',
  retentionChanged: 'events.retention-changed.v1',
  alertFired: 'analytics.alert-fired.v1',
  alertResolved: 'analytics.alert-resolved.v1',
  webhookDisabled: 'analytics.webhook-disabled.v1',
} as const;

export type Topic = (typeof topics)[keyof typeof topics];

/** Partitions of topics that need other than the default. */
export const partitions: Partial<Record<Topic, number>> = { [topics.events]: 12 };

/** Where a consumer puts what it could not digest. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`;
}

/** Every queue, declared once. */
export const queues = {
  releases: {
    name: 'releases',
    visibilitySeconds: 60,
    maxReceives: 5,
    deadLetters: { name: 'releases-dlq', retentionSeconds: 14 * 24 * 3600 },
    /** A message carries 1–100 releases of one tenant in at most this many bytes. */
    maxReleasesPerMessage: 100,
    maxMessageBytes: 200 * 1024,
  },
} as const;
