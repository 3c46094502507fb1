const COLOURS: Record<string, string> = { warn: '33', error: '31', fatal: '31' };

/** A line for people: `12:00:00.123 info  releases: posted {"count":3}`, with a failure's stack below. */
export function pretty(line: string): string {
  const { time, level, name, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const label = String(level).padEnd(5);
  const colour = COLOURS[String(level)];
  const shown = colour && process.stdout.isTTY ? `\u001b[${colour}m${label}\u001b[0m` : label;
  const details = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
  const { stack } = (err ?? {}) as { stack?: string };
  const failure = err ? `\n${stack ?? JSON.stringify(err)}` : '';
  return `${String(time).slice(11, 23)} ${shown} ${String(name)}: ${typeof msg === 'string' ? msg : ''}${details}${failure}\n`;
}
