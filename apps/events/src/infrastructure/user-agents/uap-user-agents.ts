import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserAgents } from '../../application/user-agents';
import { Device } from '../../domain/tracked-event';
import { deviceOf, UNKNOWN_DEVICE } from './device-of';
import { RecentlyUsed } from '../memory/recently-used';
import { UapParser } from './uap-parser';
import { readUapRules } from './uap-rules';

const RULES = join(__dirname, '../../../assets/uap-core/regexes.yaml');
/** No browser's is longer; what a rule costs grows with the square of the length at worst. */
const LONGEST = 512;
/** How long strangers may hold up everything else, in one turn of the event loop. */
const TURN_MS = 2;

/**
 * Knows user agents by the rules of uap-core. A crowd has few of them: those seen lately are answered from memory, for
 * 0.1 µs; a stranger costs some 20 µs, and a flood of strangers waits in line while the process goes on with the rest.
 */
export class UapUserAgents extends UserAgents {
  private readonly parser: UapParser;
  private readonly known: RecentlyUsed<Device>;
  private readonly waiting = new Map<string, ((device: Device) => void)[]>();
  private spentMs = 0;
  private turnOpen = false;

  /** @param remembered how many user agents are kept in memory, half a kilobyte each */
  constructor(remembered = 10_000, rules = readFileSync(RULES, 'utf8')) {
    super();
    this.parser = new UapParser(readUapRules(rules));
    this.known = new RecentlyUsed(remembered);
    // The first of all compiles what the others use: not while somebody waits.
    this.read(
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
    );
  }

  device(userAgent: string | undefined): Device | Promise<Device> {
    if (userAgent === undefined || userAgent === '') return UNKNOWN_DEVICE;
    const text = userAgent.length > LONGEST ? userAgent.slice(0, LONGEST) : userAgent;
    const known = this.known.get(text);
    if (known !== undefined) return known;
    if (this.waiting.size === 0 && this.spentMs < TURN_MS) return this.read(text);
    return this.wait(text);
  }

  private read(text: string): Device {
    const started = performance.now();
    const device = deviceOf(text, this.parser.parse(text));
    this.known.set(ownText(text), device);
    this.spentMs += performance.now() - started;
    this.openTurn();
    return device;
  }

  private wait(text: string): Promise<Device> {
    return new Promise((resolve) => {
      const others = this.waiting.get(text);
      if (others === undefined) this.waiting.set(text, [resolve]);
      else others.push(resolve);
      this.openTurn();
    });
  }

  private openTurn(): void {
    if (this.turnOpen) return;
    this.turnOpen = true;
    setImmediate(() => {
      this.turnOpen = false;
      this.spentMs = 0;
      for (const [text, resolves] of this.waiting) {
        if (this.spentMs >= TURN_MS) break;
        this.waiting.delete(text);
        const device = this.read(text);
        for (const resolve of resolves) resolve(device);
      }
    });
  }
}

/** A copy: a part of a text keeps the whole of it in memory, which here may be a request of a megabyte. */
function ownText(text: string): string {
  const encoding = /^[\0-\xff]*$/.test(text) ? 'latin1' : 'utf16le';
  return Buffer.from(text, encoding).toString(encoding);
}
