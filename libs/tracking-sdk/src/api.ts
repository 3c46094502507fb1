// The public face of the SDK. This file is shipped as moneyflow-tracking.d.ts and .d.mts: it imports nothing and contains types only.

/** Text for amounts: `"150.50"`. A number with at most two decimals is taken, too; the collector makes text of it. */
export type Amount = string | number;

interface Spending {
  /** ISO 4217; `BRL` where it is absent. */
  currency?: string;
  description?: string;
  category_id?: string;
  category?: string;
}

interface Transfer extends Spending {
  transfer_id?: string;
  /** `pix`, `ted`, `internal`, … */
  transfer_type?: string;
  direction?: 'in' | 'out';
  /** Masked: `****1234`. */
  from_account?: string;
  /** Masked: `****1234`. */
  to_account?: string;
  /** `YYYY-MM-DD`. */
  scheduled_for?: string;
}

interface Payment extends Spending {
  payment_id?: string;
  /** `pix`, `boleto`, `card`, … */
  payment_method?: string;
  merchant?: string;
  installments?: number;
  /** `YYYY-MM-DD`. */
  due_date?: string;
}

interface Recharge extends Spending {
  recharge_id?: string;
  /** `mobile`, `transport`, `wallet`, … */
  recharge_type?: string;
  provider?: string;
}

interface Goal {
  goal_id?: string;
  name?: string;
  target_amount?: Amount;
  currency?: string;
}

/** What each of the 19 types knows; every type may carry more. */
export interface EventProperties {
  page_view: { title?: string; path?: string; load_time_ms?: number };
  click: { element?: string; element_id?: string; text?: string; href?: string; x?: number; y?: number };
  form_submit: { form_id?: string; form_name?: string; action?: string; fields?: string[] };
  login: { method?: string; mfa?: boolean; success?: boolean };
  logout: { reason?: string };
  transfer_initiated: Transfer & { amount?: Amount };
  transfer_confirmed: Transfer & { amount?: Amount };
  transfer_completed: Transfer & { amount: Amount; fee?: Amount };
  payment_initiated: Payment & { amount?: Amount };
  payment_completed: Payment & { amount: Amount; fee?: Amount };
  recharge_initiated: Recharge & { amount?: Amount };
  recharge_completed: Recharge & { amount: Amount };
  cashback_earned: {
    amount: Amount;
    currency?: string;
    percentage?: number;
    merchant?: string;
    transaction_id?: string;
  };
  goal_created: Goal & { deadline?: string };
  goal_completed: Goal & { saved_amount?: Amount };
  achievement_unlocked: { achievement_id?: string; name?: string; description?: string; points?: number };
  budget_exceeded: {
    budget_id?: string;
    category_id?: string;
    category?: string;
    limit_amount?: Amount;
    spent_amount?: Amount;
    currency?: string;
    period?: string;
  };
  error: {
    message: string;
    name?: string;
    stack?: string;
    source?: string;
    line?: number;
    column?: number;
    kind?: string;
  };
  heartbeat: { interval_ms?: number; visible_ms?: number };
}

export type EventType = keyof EventProperties;

/** Properties that the type does not know are kept as they come. */
export type PropertiesOf<T extends EventType> = EventProperties[T] & Record<string, unknown>;

/** What is tracked without a call; everything unless it says false. */
export interface AutoTracking {
  pageViews?: boolean;
  clicks?: boolean;
  forms?: boolean;
  errors?: boolean;
  heartbeat?: boolean;
}

export interface InitOptions {
  /** Where the API is: `https://api.example.com`. The origin that the script came from when absent. */
  endpoint?: string;
  /** An API key whose only scope is `events:write`. It stands in the page: whoever reads it may send events, nothing else. */
  writeKey?: string;
  /** Instead of a write key: the access token of the person who is signed in; none while nobody is. Called for each request. */
  getToken?: () => string | null | undefined | Promise<string | null | undefined>;
  /** Names the queue and the ids on this device. Say one to keep them when the write key is renewed. */
  name?: string;
  auto?: boolean | AutoTracking;
  /** `required`: nothing is tracked nor stored before `optIn()`. `assumed` (default): until `optOut()`. */
  consent?: 'assumed' | 'required';
  /** Do Not Track and Global Privacy Control count as "no" until `optIn()`; false ignores them. */
  respectDoNotTrack?: boolean;
  /** What a clicked button or link is labelled goes along. Off: labels may name people. */
  clickText?: boolean;
  /** Told of everything that happens to events, for a console or a test page. */
  onNotice?: (notice: Notice) => void;
}

/** Why one event was refused for good. */
export interface RejectedEvent {
  eventId: string;
  /** Stable snake_case: `unknown_event_type`, `too_old`, … */
  code: string;
  message: string;
}

export type Notice =
  | { kind: 'queued'; eventId: string; eventType: string }
  | { kind: 'sending'; eventIds: string[]; bytes: number; unloading: boolean }
  /** The collector answered: these it has, those it never will. Whoever is in neither list is sent again. */
  | { kind: 'answered'; status: number; accepted: string[]; rejected: RejectedEvent[]; duplicates: number }
  /** It did not work; the events stay and are sent again in `retryInMs`. `status` 0: no answer at all. */
  | { kind: 'failed'; status: number; retryInMs: number }
  /** Never sent: it has no JSON, is too large, or the queue is full. */
  | { kind: 'dropped'; eventId: string; code: 'not_json' | 'event_too_large' | 'queue_full' }
  | { kind: 'stopped' };

export interface State {
  initialized: boolean;
  /** Whether events are tracked now: consent, Do Not Track. */
  tracking: boolean;
  paused: boolean;
  online: boolean;
  /** Events that wait or are on their way, of this tab and of tabs that are gone. */
  queued: number;
  /** Where the queue outlives the tab. */
  storage: 'indexedDB' | 'localStorage' | 'memory';
  userId?: string;
  deviceId?: string;
  sessionId?: string;
}

export interface MoneyFlowApi {
  readonly version: string;
  /** Once a page; later calls change nothing, also those of a second copy of the script. */
  init(options: InitOptions): void;
  /**
   * Queues an event; never throws.
   * @returns its id, or undefined while nothing is tracked
   */
  track<T extends EventType>(type: T, properties?: PropertiesOf<T> | EventProperties[T]): string | undefined;
  /** A page view by hand, for routers that change no address. */
  page(properties?: PropertiesOf<'page_view'> | EventProperties['page_view']): string | undefined;
  /** Whose the following events are. An opaque id: never an e-mail or a CPF. */
  identify(userId: string): void;
  /** Sends what waits, unless the collector asked to wait. Resolves when that was tried. */
  flush(): Promise<void>;
  /** The person signed out: the following events are of nobody, on another device id, in another session. */
  reset(): void;
  /** Tracks nothing from now on, in every tab, and forgets the queue and all ids. */
  optOut(): void;
  optIn(): void;
  /** Holds sending; events are queued on. */
  pause(): void;
  resume(): void;
  state(): State;
}

export declare const MoneyFlow: MoneyFlowApi;
