import type { WebSocket } from 'ws';
import { LiveMessage } from '../../application/live/live-feed';
import { Ending, LiveChannel } from './live-audience';

const PING_MS = 20_000;
/** How long a client may take to answer that we close. */
const FAREWELL_MS = 1_000;
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
/** A page pings now and then; who says more has mistaken us for somebody else. */
const MOST_MESSAGES = 20;
const WITHIN_MS = 10_000;

/** A WebSocket as live counts are told over it: `{"event": "live", "data": LiveCounts}`. */
export class LiveSocket implements LiveChannel {
  readonly kind = 'websocket';
  private readonly timer: NodeJS.Timeout;
  private alive = true;
  private messages = 0;
  private countedFrom = performance.now();

  constructor(private readonly client: WebSocket) {
    this.timer = setInterval(() => this.ping(), PING_MS).unref();
    client.on('pong', () => (this.alive = true));
    client.on('message', () => this.heard());
    client.on('ping', () => this.heard());
    client.once('close', () => clearInterval(this.timer));
  }

  get unread(): number {
    return this.client.bufferedAmount;
  }

  tell({ text }: LiveMessage): void {
    if (this.client.readyState === this.client.OPEN) this.client.send(`{"event":"live","data":${text}}`);
  }

  end({ code, reason }: Ending): void {
    this.close(code, reason);
  }

  /** The process shuts down. */
  leave(): void {
    this.close(GOING_AWAY, 'leaving');
  }

  drop(): void {
    this.client.terminate();
  }

  private close(code: number, reason: string): void {
    this.client.close(code, reason);
    setTimeout(() => this.client.terminate(), FAREWELL_MS).unref();
  }

  private ping(): void {
    if (!this.alive) return this.drop();
    this.alive = false;
    this.client.ping();
  }

  private heard(): void {
    this.alive = true;
    const now = performance.now();
    if (now - this.countedFrom > WITHIN_MS) [this.messages, this.countedFrom] = [0, now];
    if (++this.messages > MOST_MESSAGES) this.close(POLICY_VIOLATION, 'too_many_messages');
  }
}
