import { wants } from './webhook-subscriptions';

const subscription = (events: string[], appId?: string) => ({ webhookId: 'w', events, appId });

describe('a subscription', () => {
  it.each([
    [['event.click'], 'event.click', true],
    [['event.click'], 'event.clicks', false],
    [['event.*'], 'event.click', true],
    [['event.*'], 'event.', true],
    [['event.*'], 'events.click', false],
    [['event.*'], 'alert.fired', false],
    [['alert.fired', 'event.*'], 'event.x', true],
    [[], 'event.click', false],
  ])('to %j of %s: %s', (events, type, wanted) => {
    expect(wants(subscription(events), type)).toBe(wanted);
  });

  it('to one application wants nothing of others, nor what is of none', () => {
    const one = subscription(['event.*'], 'a');
    expect(wants(one, 'event.click', 'a')).toBe(true);
    expect(wants(one, 'event.click', 'b')).toBe(false);
    expect(wants(one, 'event.click')).toBe(false);
    expect(wants(subscription(['event.*']), 'event.click', 'b')).toBe(true);
  });
});
