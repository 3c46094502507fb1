import { queues, topics } from './channels';
import { alertFiredV1Example } from './events/alert-fired.v1';
import { alertResolvedV1Example } from './events/alert-resolved.v1';
import { apiKeyChangedV1Example } from './events/api-key-changed.v1';
import { apiKeyUsedV1Example } from './events/api-key-used.v1';
import { auditRecordedV1Example } from './events/audit-recorded.v1';
import { personErasedV1Example } from './events/person-erased.v1';
import { rejectedEventsV1Example } from './events/rejected-events.v1';
import { releasePostedV1Example } from './events/release-posted.v1';
import { releaseRejectedV1Example } from './events/release-rejected.v1';
import { retentionChangedV1Example } from './events/retention-changed.v1';
import { sessionRevokedV1Example } from './events/session-revoked.v1';
import { tenantChangedV1Example } from './events/tenant-changed.v1';
import { trackedEventsV1Example } from './events/tracked-events.v1';
import { userRegisteredV1Example } from './events/user-registered.v1';
import { webhookDisabledV1Example } from './events/webhook-disabled.v1';
import { queuedReleasesV1Example } from './queues/queued-releases.v1';

/** What travels on one topic or queue. docs/events is generated from this list. */
export interface Contract {
  /** The topic or queue that carries it. */
  channel: string;
  carrier: 'kafka' | 'sqs';
  /** The interface of its payload, and the file under libs/contracts/src that declares it. */
  payload: string;
  file: string;
  example: object;
  producer: string;
  consumers: readonly string[];
}

export const contracts: readonly Contract[] = [
  {
    channel: topics.releasesPosted,
    carrier: 'kafka',
    payload: 'ReleasePostedV1',
    file: 'events/release-posted.v1.ts',
    example: releasePostedV1Example,
    producer: 'releases (outbox)',
    consumers: ['consolidated'],
  },
  {
    channel: topics.releasesRejected,
    carrier: 'kafka',
    payload: 'ReleaseRejectedV1',
    file: 'events/release-rejected.v1.ts',
    example: releaseRejectedV1Example,
    producer: 'releases (outbox)',
    consumers: [],
  },
  {
    channel: topics.userRegistered,
    carrier: 'kafka',
    payload: 'UserRegisteredV1',
    file: 'events/user-registered.v1.ts',
    example: userRegisteredV1Example,
    producer: 'auth (outbox)',
    consumers: [],
  },
  {
    channel: topics.tenantChanged,
    carrier: 'kafka',
    payload: 'TenantChangedV1',
    file: 'events/tenant-changed.v1.ts',
    example: tenantChangedV1Example,
    producer: 'auth (outbox)',
    consumers: ['releases', 'consolidated', 'events', 'analytics worker'],
  },
  {
    channel: topics.sessionRevoked,
    carrier: 'kafka',
    payload: 'SessionRevokedV1',
    file: 'events/session-revoked.v1.ts',
    example: sessionRevokedV1Example,
    producer: 'auth (outbox)',
    consumers: [],
  },
  {
    channel: topics.apiKeyChanged,
    carrier: 'kafka',
    payload: 'ApiKeyChangedV1',
    file: 'events/api-key-changed.v1.ts',
    example: apiKeyChangedV1Example,
    producer: 'auth (outbox)',
    consumers: ['releases', 'consolidated', 'events', 'analytics worker'],
  },
  {
    channel: topics.apiKeyUsed,
    carrier: 'kafka',
    payload: 'ApiKeyUsedV1',
    file: 'events/api-key-used.v1.ts',
    example: apiKeyUsedV1Example,
    producer: 'every API',
    consumers: ['auth'],
  },
  {
    channel: topics.auditRecorded,
    carrier: 'kafka',
    payload: 'AuditRecordedV1',
    file: 'events/audit-recorded.v1.ts',
    example: auditRecordedV1Example,
    producer: 'events, analytics (outbox)',
    consumers: ['auth'],
  },
  {
    channel: topics.events,
    carrier: 'kafka',
    payload: 'TrackedEventsV1',
    file: 'events/tracked-events.v1.ts',
    example: trackedEventsV1Example,
    producer: 'events collector',
    consumers: ['events sink', 'analytics worker'],
  },
  {
    channel: topics.eventsErrors,
    carrier: 'kafka',
    payload: 'RejectedEventsV1',
    file: 'events/rejected-events.v1.ts',
    example: rejectedEventsV1Example,
    producer: 'events collector and sink',
    consumers: ['events sink (rejected-event store)'],
  },
  {
    channel: topics.personErased,
    carrier: 'kafka',
    payload: 'PersonErasedV1',
    file: 'events/person-erased.v1.ts',
    example: personErasedV1Example,
    producer: 'events, analytics (outbox)',
    consumers: ['events sink', 'analytics worker'],
  },
  {
    channel: topics.retentionChanged,
    carrier: 'kafka',
    payload: 'RetentionChangedV1',
    file: 'events/retention-changed.v1.ts',
    example: retentionChangedV1Example,
    producer: 'events (outbox)',
    consumers: ['analytics'],
  },
  {
    channel: topics.alertFired,
    carrier: 'kafka',
    payload: 'AlertFiredV1',
    file: 'events/alert-fired.v1.ts',
    example: alertFiredV1Example,
    producer: 'analytics worker (outbox)',
    consumers: ['events sink'],
  },
  {
    channel: topics.alertResolved,
    carrier: 'kafka',
    payload: 'AlertResolvedV1',
    file: 'events/alert-resolved.v1.ts',
    example: alertResolvedV1Example,
    producer: 'analytics worker (outbox)',
    consumers: ['events sink'],
  },
  {
    channel: topics.webhookDisabled,
    carrier: 'kafka',
    payload: 'WebhookDisabledV1',
    file: 'events/webhook-disabled.v1.ts',
    example: webhookDisabledV1Example,
    producer: 'analytics worker (outbox)',
    consumers: ['events sink'],
  },
  {
    channel: queues.releases.name,
    carrier: 'sqs',
    payload: 'QueuedReleasesV1',
    file: 'queues/queued-releases.v1.ts',
    example: queuedReleasesV1Example,
    producer: 'releases API',
    consumers: ['releases worker'],
  },
];
