import { RejectedEventsV1 } from '@libs/contracts';
import { isUuid, TenantId } from '@libs/kernel';
import { Received } from '@libs/messaging';
import { canonicalInstant } from '../../domain/event-time';
import { KeptRejection } from '../../domain/kept-rejection';
import { MalformedRejections } from '../../domain/rejection.errors';

const MAX_NAME = 64;
const MAX_MESSAGE = 1_000;
const MAX_USER = 256;

/** The rejections that a message tells of. @throws MalformedRejections for what nobody of ours would write */
export function readRejections({ envelope }: Received<RejectedEventsV1>): KeptRejection[] {
  const { tenantId, payload } = envelope;
  const told: unknown = payload.rejections;
  if (!isUuid(tenantId) || !Array.isArray(told)) throw new MalformedRejections();
  return told.map((rejection) => kept(tenantId as TenantId, rejection));
}

function kept(tenantId: TenantId, told: unknown): KeptRejection {
  if (typeof told !== 'object' || told === null) throw new MalformedRejections();
  const {
    rejectionId,
    eventId,
    eventType,
    code,
    message,
    stage,
    source,
    appId,
    receivedAt,
    userId,
    sentAt,
    event,
  } = told as Record<string, unknown>;
  const received = typeof receivedAt === 'string' ? canonicalInstant(receivedAt) : undefined;
  if (
    !isUuid(rejectionId) ||
    !isUuid(appId) ||
    received === undefined ||
    typeof event !== 'string' ||
    typeof code !== 'string' ||
    (stage !== 'collector' && stage !== 'sink') ||
    (source !== 'sdk' && source !== 'track')
  )
    throw new MalformedRejections();
  return {
    tenantId,
    rejectionId,
    eventId: isUuid(eventId) ? eventId : undefined,
    eventType: cut(eventType, MAX_NAME),
    code: code.slice(0, MAX_NAME),
    message: cut(message, MAX_MESSAGE) ?? '',
    stage,
    source,
    appId,
    userId: cut(userId, MAX_USER),
    receivedAt: received,
    sentAt: typeof sentAt === 'string' ? canonicalInstant(sentAt) : undefined,
    event,
  };
}

function cut(value: unknown, length: number): string | undefined {
  return typeof value === 'string' ? value.slice(0, length) : undefined;
}
