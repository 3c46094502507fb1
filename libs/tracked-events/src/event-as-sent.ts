import { TrackedEventV1 } from '@libs/contracts';

/** The event in the form in which a client sends it, so that it can be sent again. */
export function eventAsSent(event: TrackedEventV1): object {
  return event.source === 'sdk' ? sdkForm(event) : trackForm(event);
}

function sdkForm({ context, ...event }: TrackedEventV1): object {
  return {
    event_id: event.eventId,
    event_type: event.eventType,
    timestamp: event.timestamp,
    user: { user_id: event.userId, device_id: event.deviceId },
    session: { session_id: event.sessionId, seq: event.seq },
    context: {
      url: context.url,
      referrer: context.referrer,
      user_agent: context.userAgent,
      screen_width: context.screenWidth,
      screen_height: context.screenHeight,
      viewport_width: context.viewportWidth,
      viewport_height: context.viewportHeight,
      timezone: context.timezone,
      locale: context.locale,
    },
    properties: event.properties,
    version: event.version,
  };
}

function trackForm({ context, ...event }: TrackedEventV1): object {
  return {
    eventType: event.eventType,
    eventId: event.eventId,
    timestamp: event.timestamp,
    userId: event.userId,
    sessionId: event.sessionId,
    url: context.url,
    referrer: context.referrer,
    screenWidth: context.screenWidth,
    screenHeight: context.screenHeight,
    metadata: event.properties,
  };
}
