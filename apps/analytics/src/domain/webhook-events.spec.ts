import { canBeTold } from './webhook-events';

describe('what a webhook may ask for', () => {
  it.each(['event.*', 'event.page_view', 'event.a1_b2', 'alert.fired', 'alert.resolved', 'alert.*'])(
    'is %s',
    (event) => expect(canBeTold(event)).toBe(true),
  );

  it.each([
    '*',
    'event',
    'event.',
    'event.**',
    'event.page.*',
    'event.PageView',
    'event.página',
    'event.page_view\n',
    `event.${'a'.repeat(65)}`,
    'alert.fired.*',
    'alert.muted',
    'webhook.test',
    'events.received',
    '',
  ])('is not %j', (event) => expect(canBeTold(event)).toBe(false));
});
