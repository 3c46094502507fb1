import { prefix } from './settings';

// What localStorage does not take: full, in a sandboxed frame, or blocked.
const held: Record<string, string | undefined> = {};

export function read(name: string): string | undefined {
  try {
    return held[name] || localStorage.getItem(prefix + name) || undefined;
  } catch {
    return undefined;
  }
}

/** Undefined removes it. */
export function write(name: string, value?: string): void {
  held[name] = undefined;
  try {
    if (value === undefined) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, value);
  } catch {
    held[name] = value; // for as long as the page lives
  }
}
