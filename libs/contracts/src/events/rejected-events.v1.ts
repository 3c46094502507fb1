/** Events that the collector or a sink refused, 1–100 of one tenant. Topic `events-errors`. */
export interface RejectedEventsV1 {
  rejections: RejectedEventV1[];
}

export interface RejectedEventV1 {
  /** UUIDv7: which rejection this is. */
  rejectionId: string;
  /** Of the event, where it had a readable one. */
  eventId?: string;
  eventType?: string;
  /** Stable snake_case: `unknown_event_type`, `too_old`, … */
  code: string;
  message: string;
  stage: 'collector' | 'sink';
  source: 'sdk' | 'track';
  appId: string;
  receivedAt: string;
  /** Whom it is about: the signed-in person who sent it, else whom it names; a pseudonym where that is personal data. */
  userId?: string;
  /** The client's clock as it sent the event, where it told: what a replay takes the skew from. */
  sentAt?: string;
  /** The event as JSON text, freed of personal data like an accepted one. */
  event: string;
}

export const rejectedEventsV1Example: RejectedEventsV1 = {
  rejections: [
    {
      rejectionId: '019a2b3c-4d5e-7f60-9a1b-2c3d4e5f6071',
      eventId: '550e8400-e29b-41d4-a716-446655440000',
      eventType: 'transfer_completd',
      code: 'unknown_event_type',
      message: 'event_type: "transfer_completd" is none of the 19 types.',
      stage: 'collector',
      source: 'sdk',
      appId: '019a2b3c-0000-7000-8000-00000000000a',
      receivedAt: '2025-11-26T10:30:00.123Z',
      userId: '9f0c7a52-6f0e-4f0a-9c39-0d8f3c6f3a11',
      sentAt: '2025-11-26T10:30:00.100Z',
      event: '{"event_id":"550e8400-e29b-41d4-a716-446655440000","event_type":"transfer_completd"}',
    },
  ],
};
