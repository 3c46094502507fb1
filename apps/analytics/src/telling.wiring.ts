import type { Provider } from '@nestjs/common';
import { enqueuingWebhooks } from '@libs/webhooks';
import { TellOfEvents } from './application/webhooks/tell-of-events';

/** Leaves word for webhooks, in the transactions that make what they are told of. */
export const telling: Provider[] = [...enqueuingWebhooks('analytics'), TellOfEvents];
