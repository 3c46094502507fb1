import { TenantId } from '@libs/kernel';
import { EventSource } from './tracked-event';

/** A rejected event as it is kept for a while, so that somebody can see why and send it again. */
export interface KeptRejection {
  tenantId: TenantId;
  rejectionId: string;
  eventId?: string;
  eventType?: string;
  code: string;
  message: string;
  stage: 'collector' | 'sink';
  source: EventSource;
  appId: string;
  userId?: string;
  receivedAt: string;
  sentAt?: string;
  /** As JSON text, freed of personal data. */
  event: string;
}

/** What the store bounds: whoever has a public write key can fill it, and no tenant may fill the disk of the others. */
export const REJECTIONS_KEPT = { days: 30, rows: 10_000, bytes: 64 * 1024 * 1024 };
