import { OpenStreams } from '@libs/http';
import { Principal } from '@libs/security';

/** What the route knows of a handshake that it let through. */
export interface LiveAdmission {
  readonly principal: Principal;
  readonly appId: string;
  readonly streams: OpenStreams;
}
