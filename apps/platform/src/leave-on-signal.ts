const DEADLINE_MS = 9_500;
/** Ctrl-C reaches us twice when npm started us: from the terminal and, passed on, from npm. */
const SAME_KEYPRESS_MS = 700;

export interface Leaving {
  /** In order, taking its time. */
  stop: () => Promise<void>;
  /** At once. */
  force: () => void;
  say: (line: string) => void;
}

/**
 * SIGTERM, SIGINT and SIGHUP: the first drains and stops, one that comes later (a person who has lost patience) or
 * the deadline forces.
 */
export function leaveOnSignal({ stop, force, say }: Leaving): void {
  let askedAt: number | undefined;
  const leaveAtOnce = (code: number, why: string): never => {
    say(why);
    force();
    return process.exit(code);
  };
  const leave = (signal: NodeJS.Signals): void => {
    if (askedAt !== undefined) {
      if (performance.now() - askedAt > SAME_KEYPRESS_MS) leaveAtOnce(130, 'Stopping at once.');
      return;
    }
    askedAt = performance.now();
    say(`\nStopping (${signal}): finishing what is under way. Press Ctrl-C again to stop at once.`);
    setTimeout(() => leaveAtOnce(1, 'It takes too long; stopping at once.'), DEADLINE_MS).unref();
    stop().then(
      () => {
        say('Stopped. Everything acknowledged is on disk.');
        process.exit(0);
      },
      (error: unknown) => leaveAtOnce(1, `Could not stop in order: ${(error as Error).message}`),
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, leave);
}
