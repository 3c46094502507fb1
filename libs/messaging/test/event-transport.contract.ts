import { itDelivers } from './transport-delivery.contract';
import { itOutlivesFailures } from './transport-failing.contract';
import { itKeepsItsOffset } from './transport-offsets.contract';
import { Carrier, roomTests } from './transport-room';
import { itSharesAGroup } from './transport-sharing.contract';

/** What every event transport promises, whatever carries it. Order is not among it. */
export function itKeepsTheEventTransportContract(carrierOf: () => Carrier): void {
  const test = roomTests(carrierOf);
  itDelivers(test);
  itOutlivesFailures(test);
  itKeepsItsOffset(test);
  itSharesAGroup(test);
}
