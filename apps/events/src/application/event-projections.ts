import { EventProjection } from './event-projection';

/** Everything that is made of events beside their storing, in the order in which it is applied. */
export class EventProjections {
  constructor(private readonly all: readonly EventProjection[]) {}

  wants(eventType: string): boolean {
    for (const projection of this.all) if (projection.wants(eventType)) return true;
    return false;
  }

  get any(): boolean {
    return this.all.length > 0;
  }

  [Symbol.iterator](): Iterator<EventProjection> {
    return this.all[Symbol.iterator]();
  }
}
