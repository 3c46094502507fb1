import { Device } from '../domain/tracked-event';

/** Knows user agents. */
export abstract class UserAgents {
  /** At once for one seen lately; otherwise in its turn, so that many strangers at once do not hold the process up. */
  abstract device(userAgent: string | undefined): Device | Promise<Device>;
}
