import { Injectable } from '@nestjs/common';
import { TenantId } from '@libs/kernel';
import { EventKey } from '../../domain/event-parcels';
import { eventForm, FIELDS_OF_EVERYBODY, IDS } from '../raw/event-form';
import { NamedEventReader } from './named-event.reader';

// without the circumstances: nobody needs the sender's address to act on an event
const FIELDS = [...FIELDS_OF_EVERYBODY, ...IDS];

/** What a webhook is told of new events: read when it is told, so that whoever was erased meanwhile is not in it. */
@Injectable()
export class ComposeEvents {
  constructor(private readonly reader: NamedEventReader) {}

  /** @returns nothing where none of them is left */
  async execute(
    tenantId: TenantId,
    appId: string,
    keys: readonly EventKey[],
  ): Promise<{ appId: string; events: object[] } | undefined> {
    const events = await this.reader.read(tenantId, appId, keys);
    if (events.length === 0) return undefined;
    return { appId, events: events.map((event) => eventForm(event, FIELDS)) };
  }
}
