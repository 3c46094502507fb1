import { Injectable } from '@nestjs/common';
import { randomInt } from 'node:crypto';
import { TenantId } from '@libs/kernel';
import { RecentEvents } from '../../application/recent-events';

/** 2^20 places of 4 bytes: 4 MiB, the last million events or so. */
const PLACES = 1 << 20;

/**
 * One place per hash, the latest event wins it: no memory grows, nothing has to be forgotten, and nobody's events can push out more
 * than one of another's each. Which place and which mark an event has depends on a number drawn at the start.
 */
@Injectable()
export class RecentEventTable extends RecentEvents {
  private readonly marks = new Uint32Array(PLACES);
  private readonly seed = randomInt(2 ** 31);

  seen(tenantId: TenantId, eventId: string): boolean {
    let place = this.seed;
    let mark = ~this.seed;
    for (let at = 0; at < eventId.length; at += 1) {
      const code = eventId.charCodeAt(at);
      place = Math.imul(place ^ code, 0x01000193);
      mark = Math.imul(mark ^ code, 0x5bd1e995);
      mark ^= mark >>> 13;
    }
    for (let at = 0; at < tenantId.length; at += 1) {
      const code = tenantId.charCodeAt(at);
      place = Math.imul(place ^ code, 0x01000193);
      mark = Math.imul(mark ^ code, 0x5bd1e995);
      mark ^= mark >>> 13;
    }
    const index = ((place ^ (place >>> 15)) >>> 0) % PLACES;
    const own = (mark >>> 0) | 1; // never 0, which is a place nobody took
    if (this.marks[index] === own >>> 0) return true;
    this.marks[index] = own;
    return false;
  }
}
