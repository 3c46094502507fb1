/** The 19 types of the SDK's events. `/events/track` knows others, too. */
export const EVENT_TYPES = [
  'page_view',
  'click',
  'form_submit',
  'login',
  'logout',
  'transfer_initiated',
  'transfer_confirmed',
  'transfer_completed',
  'payment_initiated',
  'payment_completed',
  'recharge_initiated',
  'recharge_completed',
  'cashback_earned',
  'goal_created',
  'goal_completed',
  'achievement_unlocked',
  'budget_exceeded',
  'error',
  'heartbeat',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Kept one by one in `user_events`, and longer than the others. */
export const CRITICAL_TYPES = [
  'transfer_completed',
  'payment_completed',
] as const satisfies readonly EventType[];

const CRITICAL = new Set<string>(CRITICAL_TYPES);

export function isCritical(eventType: string): boolean {
  return CRITICAL.has(eventType);
}
