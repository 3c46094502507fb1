export { aReceivedEvent as aTrackedEvent, aTenant } from '@libs/testing';
