import { AlertRule, conditionOf, ConditionClaim, isSameWatch } from './alert-rule';
import { ImpossibleCondition } from './alert.errors';

const threshold = (rest: object) => ({ kind: 'threshold', windowMinutes: 15, ...rest }) as ConditionClaim;
const anomaly = (rest: object) => ({ kind: 'anomaly', windowMinutes: 60, ...rest }) as ConditionClaim;

describe('a condition', () => {
  it.each([
    threshold({}),
    threshold({ above: -1 }),
    threshold({ above: 1.5 }),
    threshold({ above: 1e13 }),
    threshold({ above: NaN }),
    threshold({ below: 0 }),
    threshold({ above: 1, below: 2 }),
    threshold({ above: 1, sensitivity: 'low' }),
    threshold({ above: 1, direction: 'both' }),
    threshold({ above: 1, windowMinutes: 0 }),
    threshold({ above: 1, windowMinutes: 20 }),
    threshold({ above: 1, windowMinutes: 1_455 }),
    anomaly({ above: 1 }),
    anomaly({ windowMinutes: 45 }),
  ])('that cannot be meant is refused: %j', (claim) => {
    expect(() => conditionOf(claim)).toThrow(ImpossibleCondition);
  });

  it('keeps what it says, and an anomaly what it leaves open', () => {
    expect(conditionOf(threshold({ below: 5, above: 5 }))).toEqual(threshold({ above: 5, below: 5 }));
    expect(conditionOf(anomaly({}))).toEqual(anomaly({ sensitivity: 'medium', direction: 'both' }));
  });
});

describe('two rules', () => {
  const rule: AlertRule = {
    name: 'Um',
    appId: 'app',
    metric: 'events',
    condition: conditionOf(threshold({ above: 1, below: 1 })),
    notify: true,
  };

  it('watch the same however they are called, written down and told', () => {
    const condition = { below: 1, above: 1, windowMinutes: 15, kind: 'threshold' } as const;
    expect(isSameWatch(rule, { ...rule, name: 'Outro', notify: false, condition })).toBe(true);
  });

  it('of another type, metric or condition do not', () => {
    expect(isSameWatch(rule, { ...rule, eventType: 'click' })).toBe(false);
    expect(isSameWatch(rule, { ...rule, metric: 'users' })).toBe(false);
    expect(isSameWatch(rule, { ...rule, condition: conditionOf(threshold({ above: 2 })) })).toBe(false);
  });
});
