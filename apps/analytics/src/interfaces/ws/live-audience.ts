import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { logger } from '@libs/logging';
import { DomainError } from '@libs/kernel';
import { LastingAccess, Principal } from '@libs/security';
import { LiveFeed, LiveMessage } from '../../application/live/live-feed';
import { TooManyListeners } from '../../domain/live.errors';
import { LiveMetrics } from './live-metrics';

/** In one process; more of a tenant's people than look at a screen at once. */
export const MOST_LISTENERS = 200;
const SCOPES = ['analytics:read'] as const;
const CHECK_MS = 500;
/** For so long a reader may leave a message where it is; the newer ones that it misses meanwhile are not kept for it. */
const PATIENCE_MS = 10_000;
/** One or two messages are on their way. */
const LITTLE_UNREAD_BYTES = 4 * 1024;
/** So much unread is too much whatever the time: a few dozen messages. */
const MOST_UNREAD_BYTES = 64 * 1024;

/** Why we end a connection; `code` is that of a WebSocket's close. */
export interface Ending {
  readonly code: 4401 | 4403 | 1011;
  /** snake_case. */
  readonly reason: string;
}

/** A connection that live counts are told over. */
export interface LiveChannel {
  readonly kind: 'sse' | 'websocket';
  /** Bytes that were sent and not yet taken. */
  readonly unread: number;
  tell(message: LiveMessage): void;
  /** Ends in order, and says why. */
  end(ending: Ending): void;
  /** Ends at once: whoever does not read would not read why. */
  drop(): void;
}

interface Listener {
  readonly principal: Principal;
  readonly channel: LiveChannel;
  /** Since when it has not taken what was sent. */
  stalledAt?: number;
  checking: boolean;
}

/** Who listens, by whatever way; whether they still may, and whether they keep up. */
@Injectable()
export class LiveAudience implements OnApplicationShutdown {
  private readonly log = logger('live');
  private readonly listeners = new Set<Listener>();
  private readonly ofTenant = new Map<string, number>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly feed: LiveFeed,
    private readonly access: LastingAccess,
    private readonly metrics: LiveMetrics,
  ) {
    metrics.watch(() => feed.apps);
  }

  /** @throws TooManyListeners */
  checkRoom({ tenantId }: Principal): void {
    if ((this.ofTenant.get(tenantId) ?? 0) >= MOST_LISTENERS) throw new TooManyListeners();
  }

  /**
   * Tells `channel` of the application from now on.
   * @returns what to call once it is closed, by whomever
   * @throws TooManyListeners
   */
  join(principal: Principal, appId: string, channel: LiveChannel): () => void {
    this.checkRoom(principal);
    const { tenantId } = principal;
    const listener: Listener = { principal, channel, checking: false };
    this.listeners.add(listener);
    this.ofTenant.set(tenantId, (this.ofTenant.get(tenantId) ?? 0) + 1);
    this.metrics.joined(channel.kind);
    this.timer ??= setInterval(() => this.check(), CHECK_MS).unref();
    const stop = this.feed.watch({ tenantId, appId }, (message) => this.tell(listener, message));
    return () => {
      if (!this.listeners.delete(listener)) return;
      stop();
      this.metrics.left(channel.kind);
      const others = (this.ofTenant.get(tenantId) ?? 1) - 1;
      if (others > 0) this.ofTenant.set(tenantId, others);
      else this.ofTenant.delete(tenantId);
      if (this.listeners.size === 0) this.rest();
    };
  }

  onApplicationShutdown(): void {
    this.rest();
  }

  private rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Each message tells all there is to tell: a slow reader misses some rather than have them gather. */
  private tell(listener: Listener, message: LiveMessage): void {
    if (listener.channel.unread > LITTLE_UNREAD_BYTES) return;
    listener.channel.tell(message);
  }

  private check(): void {
    const now = performance.now();
    for (const listener of this.listeners) {
      this.checkReading(listener, now);
      this.checkAccess(listener);
    }
  }

  private checkReading(listener: Listener, now: number): void {
    const { unread } = listener.channel;
    if (unread === 0) {
      listener.stalledAt = undefined;
      return;
    }
    listener.stalledAt ??= now;
    if (unread <= MOST_UNREAD_BYTES && now - listener.stalledAt <= PATIENCE_MS) return;
    this.metrics.dropped();
    listener.channel.drop();
  }

  private checkAccess(listener: Listener): void {
    if (listener.checking) return;
    try {
      const checking = this.access.check(listener.principal, SCOPES);
      if (!checking) return;
      listener.checking = true;
      void checking
        .catch((error: unknown) => this.refuse(listener, error))
        .finally(() => (listener.checking = false));
    } catch (error) {
      this.refuse(listener, error);
    }
  }

  /** What only cannot be told at the moment (the database is away) ends nothing: what is known without it was asked before. */
  private refuse({ channel, principal }: Listener, error: unknown): void {
    if (!(error instanceof DomainError)) {
      this.log.error({ err: error }, 'whether a live connection may stay cannot be told');
      return channel.end({ code: 1011, reason: 'internal_error' });
    }
    const { kind, code: reason } = error;
    if (kind === 'unavailable') return;
    this.log.info({ tenantId: principal.tenantId, reason }, 'a live connection was ended');
    channel.end({ code: kind === 'forbidden' ? 4403 : 4401, reason });
  }
}
