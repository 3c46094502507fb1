import { ConfigError } from './config-schema';

/** sysexits.h EX_CONFIG: a supervisor that sees it knows that restarting will not help. */
const EXIT_CONFIG = 78;

/**
 * Runs a process's boot. A wrong environment is printed, variable by variable, and ends the process with 78; any
 * other failure is printed with its stack and ends it with 1.
 * @param report where failures go; stderr unless a logger is given
 */
export async function bootOrExit(
  name: string,
  boot: () => Promise<unknown>,
  report: (message: string, error: unknown) => void = toStderr,
): Promise<void> {
  try {
    await boot();
  } catch (error) {
    if (error instanceof ConfigError) {
      toStderr(`${name} cannot start: ${error.message}\nEvery variable is described in .env.example.`);
      process.exitCode = EXIT_CONFIG;
    } else {
      report(`${name} cannot start`, error);
      process.exitCode = 1;
    }
    // What boot already opened (pools, timers) would keep the process half alive.
    process.exit();
  }
}

function toStderr(message: string, error?: unknown): void {
  const detail =
    error === undefined
      ? ''
      : `: ${error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)}`;
  process.stderr.write(`${message}${detail}\n`);
}
