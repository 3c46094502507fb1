import { prefix } from './settings';

// What is remembered where localStorage is away: a sandboxed frame, a browser that blocks it.
const held: Record<string, string | undefined> = {};

export function read(name: string): string | undefined {
  try {
    return localStorage.getItem(prefix + name) || undefined;
  } catch {
    return held[name];
  }
}

/** Undefined removes it. */
export function write(name: string, value?: string): void {
  held[name] = value;
  try {
    if (value === undefined) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, value);
  } catch {
    // full or away: `held` has it for as long as the page lives
  }
}
