import { ImpossibleCondition } from './alert.errors';

export const METRICS = ['events', 'users', 'sessions'] as const;
export type Metric = (typeof METRICS)[number];

export const SENSITIVITIES = ['low', 'medium', 'high'] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];

export const DIRECTIONS = ['above', 'below', 'both'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const WINDOW_STEP = 15;
export const LONGEST_WINDOW = 1_440;
/** Of a quarter of an hour nobody can tell what is usual. */
const SHORTEST_ANOMALY = 60;
const MOST = 1e12;

/** Breached by a value above `above`, or below `below`. */
export interface Threshold {
  readonly kind: 'threshold';
  readonly windowMinutes: number;
  readonly above?: number;
  readonly below?: number;
}

/** Breached by a value that is far from the usual one of this weekday and hour. */
export interface Anomaly {
  readonly kind: 'anomaly';
  readonly windowMinutes: number;
  readonly sensitivity: Sensitivity;
  readonly direction: Direction;
}

export type Condition = Threshold | Anomaly;

/** What is counted, of which application. */
export interface Counted {
  readonly appId: string;
  /** Only events of this type. */
  readonly eventType?: string;
  readonly metric: Metric;
}

/** What an alert watches. */
export interface AlertRule extends Counted {
  readonly name: string;
  readonly condition: Condition;
  /** Whether everybody of the tenant is told. */
  readonly notify: boolean;
}

export type ConditionClaim = {
  readonly kind: Condition['kind'];
  readonly windowMinutes: number;
} & Partial<Omit<Threshold, 'kind'> & Omit<Anomaly, 'kind'>>;

/** @throws ImpossibleCondition */
export function conditionOf(claim: ConditionClaim): Condition {
  const { kind, windowMinutes } = claim;
  const shortest = kind === 'anomaly' ? SHORTEST_ANOMALY : WINDOW_STEP;
  if (windowMinutes % WINDOW_STEP !== 0 || windowMinutes < shortest || windowMinutes > LONGEST_WINDOW)
    throw new ImpossibleCondition(
      `\`windowMinutes\` is a multiple of ${WINDOW_STEP} from ${shortest} to ${LONGEST_WINDOW}.`,
    );
  return kind === 'threshold' ? thresholdOf(claim) : anomalyOf(claim);
}

function thresholdOf({ windowMinutes, above, below, sensitivity, direction }: ConditionClaim): Threshold {
  if (sensitivity !== undefined || direction !== undefined)
    throw new ImpossibleCondition('A threshold has neither `sensitivity` nor `direction`.');
  if (above === undefined && below === undefined)
    throw new ImpossibleCondition('A threshold names `above`, `below`, or both.');
  for (const bound of [above, below])
    if (bound !== undefined && !(Number.isInteger(bound) && bound >= 0 && bound <= MOST))
      throw new ImpossibleCondition('`above` and `below` are whole numbers that are not negative.');
  if (below === 0) throw new ImpossibleCondition('Nothing is below 0.');
  if (above !== undefined && below !== undefined && below > above)
    throw new ImpossibleCondition('`below` is not greater than `above`: every value would be a breach.');
  return {
    kind: 'threshold',
    windowMinutes,
    ...(above !== undefined && { above }),
    ...(below !== undefined && { below }),
  };
}

function anomalyOf({ windowMinutes, above, below, sensitivity, direction }: ConditionClaim): Anomaly {
  if (above !== undefined || below !== undefined)
    throw new ImpossibleCondition('An anomaly has neither `above` nor `below`: the past says what is usual.');
  return {
    kind: 'anomaly',
    windowMinutes,
    sensitivity: sensitivity ?? 'medium',
    direction: direction ?? 'both',
  };
}

/** Whether two rules watch the same: what is told of it, and how it is called, may differ. */
export function isSameWatch(one: AlertRule, other: AlertRule): boolean {
  return (
    one.appId === other.appId &&
    one.eventType === other.eventType &&
    one.metric === other.metric &&
    JSON.stringify(ordered(one.condition)) === JSON.stringify(ordered(other.condition))
  );
}

function ordered(condition: Condition): [string, unknown][] {
  return Object.entries(condition).sort(([one], [other]) => (one < other ? -1 : 1));
}
