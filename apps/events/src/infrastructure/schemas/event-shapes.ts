import { EventContext, ToldEvent } from '../../domain/tracked-event';
import {
  asItIs,
  readId,
  readLocale,
  readPixels,
  readSeq,
  readTime,
  readUrl,
  readUserAgent,
  readUuid,
  readUuid4,
  readVersion,
  readZone,
} from './fixed-reader';
import { Shape } from './shape';

export interface SdkTop extends Pick<ToldEvent, 'eventId' | 'timestamp' | 'version'> {
  eventType: unknown;
  user: unknown;
  session: unknown;
  context?: unknown;
  properties?: unknown;
}

/** The form of the SDK. Its objects are read in their turn, by the shapes below. */
export const sdkShape = new Shape<SdkTop>(
  [
    { from: 'event_id', to: 'eventId', read: readUuid4, required: true },
    { from: 'event_type', to: 'eventType', read: asItIs, required: true },
    { from: 'timestamp', to: 'timestamp', read: readTime, required: true },
    { from: 'user', to: 'user', read: asItIs, required: true },
    { from: 'session', to: 'session', read: asItIs, required: true },
    { from: 'context', to: 'context', read: asItIs },
    { from: 'properties', to: 'properties', read: asItIs },
    { from: 'version', to: 'version', read: readVersion, blank: true },
  ],
  ['server_timestamp'],
);

export const userShape = new Shape<Pick<ToldEvent, 'userId' | 'deviceId'>>([
  { from: 'user_id', to: 'userId', read: readId, blank: true },
  { from: 'device_id', to: 'deviceId', read: readId, required: true },
]);

export const sessionShape = new Shape<Pick<ToldEvent, 'sessionId' | 'seq'>>([
  { from: 'session_id', to: 'sessionId', read: readId, required: true },
  { from: 'seq', to: 'seq', read: readSeq, required: true },
]);

export const contextShape = new Shape<EventContext>(
  [
    { from: 'url', to: 'url', read: readUrl, blank: true },
    { from: 'referrer', to: 'referrer', read: readUrl, blank: true },
    { from: 'user_agent', to: 'userAgent', read: readUserAgent, blank: true },
    { from: 'screen_width', to: 'screenWidth', read: readPixels },
    { from: 'screen_height', to: 'screenHeight', read: readPixels },
    { from: 'viewport_width', to: 'viewportWidth', read: readPixels },
    { from: 'viewport_height', to: 'viewportHeight', read: readPixels },
    { from: 'timezone', to: 'timezone', read: readZone, blank: true },
    { from: 'locale', to: 'locale', read: readLocale, blank: true },
  ],
  ['ip'],
);

export interface TrackTop
  extends
    Partial<Pick<ToldEvent, 'eventId' | 'timestamp' | 'userId' | 'sessionId'>>,
    Pick<EventContext, 'url' | 'referrer' | 'screenWidth' | 'screenHeight'> {
  eventType: unknown;
  metadata?: unknown;
}

/** The short form of `/events/track`: servers send it, too, whose ids are of any version. */
export const trackShape = new Shape<TrackTop>([
  { from: 'eventType', to: 'eventType', read: asItIs, required: true },
  { from: 'eventId', to: 'eventId', read: readUuid },
  { from: 'timestamp', to: 'timestamp', read: readTime },
  { from: 'userId', to: 'userId', read: readId, blank: true },
  { from: 'sessionId', to: 'sessionId', read: readId, blank: true },
  { from: 'url', to: 'url', read: readUrl, blank: true },
  { from: 'referrer', to: 'referrer', read: readUrl, blank: true },
  { from: 'screenWidth', to: 'screenWidth', read: readPixels },
  { from: 'screenHeight', to: 'screenHeight', read: readPixels },
  { from: 'metadata', to: 'metadata', read: asItIs },
]);
