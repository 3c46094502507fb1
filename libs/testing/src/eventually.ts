/**
 * Repeats `check` until it passes, for what becomes true by itself. Fails with the last failure once `within` is
 * over, so the message tells what was still wrong.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { within = 10_000, every = 25 }: { within?: number; every?: number } = {},
): Promise<T> {
  const deadline = performance.now() + within;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
