import { Judgement } from './alert-judgement';

export const ALERT_STATES = ['learning', 'ok', 'firing'] as const;
/** `learning`: there is not enough history to say anything. */
export type AlertState = (typeof ALERT_STATES)[number];

/** So many calm windows, one after the other, end an incident. */
const CALM_WINDOWS = 2;

/** Where an alert stands: it fires once an episode, however long that lasts. */
export interface Episode {
  readonly state: AlertState;
  /** Calm windows since the last that was not, while it fires. */
  readonly quiet: number;
}

export const NEW_EPISODE: Episode = { state: 'learning', quiet: 0 };

export interface Turn {
  readonly episode: Episode;
  readonly happened?: 'fired' | 'resolved';
}

/** What the next window makes of it. */
export function turn({ state, quiet }: Episode, { breach, calm, expected }: Judgement): Turn {
  if (state !== 'firing') {
    if (breach) return { episode: { state: 'firing', quiet: 0 }, happened: 'fired' };
    return { episode: { state: expected === null ? 'learning' : 'ok', quiet: 0 } };
  }
  const calmWindows = calm ? quiet + 1 : 0;
  return calmWindows >= CALM_WINDOWS
    ? { episode: { state: 'ok', quiet: 0 }, happened: 'resolved' }
    : { episode: { state, quiet: calmWindows } };
}
