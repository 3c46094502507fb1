import { TenantId } from '@libs/kernel';
import { EventKey } from '../../domain/event-parcels';
import { RawEventView } from '../raw/event.reader';

export abstract class NamedEventReader {
  /** In the open transaction: those of them that are still there, in the order in which they happened. */
  abstract read(tenantId: TenantId, appId: string, keys: readonly EventKey[]): Promise<RawEventView[]>;
}
