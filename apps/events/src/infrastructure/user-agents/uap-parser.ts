import { requiredLiterals } from './required-literals';
import { UapRule, UapRules } from './uap-rules';
import { WordIndex } from './word-index';

export interface Named {
  family: string;
  major?: string;
  minor?: string;
  patch?: string;
  patchMinor?: string;
}

export interface NamedDevice {
  family: string;
  brand?: string;
  model?: string;
}

export interface ParsedUserAgent {
  userAgent: Named;
  os: Named;
  device: NamedDevice;
}

/** Of a replacement's name the group that speaks where the rule has none (specification of uap-core, 0.2). */
const USER_AGENT = [
  ['family', 1],
  ['v1', 2],
  ['v2', 3],
  ['v3', 4],
] as const;
const OS = [
  ['os', 1],
  ['os_v1', 2],
  ['os_v2', 3],
  ['os_v3', 4],
  ['os_v4', 5],
] as const;
const DEVICE = [
  ['device', 1],
  ['brand', 0],
  ['model', 1],
] as const;

/** So many letters tell a word from others well enough; more would only make the table larger. */
const TELLING = 9;

interface Compiled extends UapRule {
  place: number;
  /** Made at the first try: most rules are never tried. */
  expression?: RegExp;
}

/**
 * Applies the rules of uap-core as its specification says: of each list the first rule that matches. A rule is tried only
 * where the words are there that whatever it matches must hold, so that of some 1,200 expressions a handful run.
 */
export class UapParser {
  private readonly userAgents: Compiled[];
  private readonly systems: Compiled[];
  private readonly devices: Compiled[];
  private readonly words: WordIndex;
  /** Of a word the rules that ask for it: place × 32 + the bit of the requirement. */
  private readonly asking: number[][] = [];
  private readonly asked: Int32Array;
  private readonly met: Int32Array;

  constructor(rules: UapRules) {
    let place = 0;
    const compile = (list: readonly UapRule[]): Compiled[] =>
      list.map((rule) => ({ ...rule, place: place++ }));
    this.userAgents = compile(rules.user_agent_parsers);
    this.systems = compile(rules.os_parsers);
    this.devices = compile(rules.device_parsers);
    this.asked = new Int32Array(place);
    this.met = new Int32Array(place);
    this.words = new WordIndex(this.indexWords());
  }

  parse(text: string): ParsedUserAgent {
    this.met.fill(0);
    this.words.search(text, this.meet);
    const [family = 'Other', major, minor, patch] = this.first(this.userAgents, text, USER_AGENT);
    const [osFamily = 'Other', osMajor, osMinor, osPatch, patchMinor] = this.first(this.systems, text, OS);
    const [deviceFamily = 'Other', brand, model] = this.first(this.devices, text, DEVICE);
    return {
      userAgent: { family, major, minor, patch },
      os: { family: osFamily, major: osMajor, minor: osMinor, patch: osPatch, patchMinor },
      device: { family: deviceFamily, brand, model },
    };
  }

  private readonly meet = (word: number): void => {
    for (const asking of this.asking[word] ?? []) {
      const place = asking >>> 5;
      this.met[place] = (this.met[place] ?? 0) | (1 << (asking & 31));
    }
  };

  private indexWords(): string[] {
    const places = new Map<string, number>();
    for (const rule of [...this.userAgents, ...this.systems, ...this.devices]) {
      for (const [bit, words] of requiredLiterals(rule.regex).slice(0, 30).entries()) {
        this.asked[rule.place] = (this.asked[rule.place] ?? 0) | (1 << bit);
        for (const whole of words) {
          const word = whole.slice(0, TELLING);
          const index = places.get(word) ?? places.size;
          places.set(word, index);
          (this.asking[index] ??= []).push(rule.place * 32 + bit);
        }
      }
    }
    return [...places.keys()];
  }

  private first(
    rules: readonly Compiled[],
    text: string,
    parts: readonly (readonly [name: string, group: number])[],
  ): (string | undefined)[] {
    for (const rule of rules) {
      if (this.met[rule.place] !== this.asked[rule.place]) continue;
      rule.expression ??= new RegExp(rule.regex, rule.ignoreCase ? 'i' : '');
      const match = rule.expression.exec(text);
      if (match === null) continue;
      return parts.map(([name, group]) => {
        const replacement = rule.replacements[name];
        const said =
          replacement === undefined ? (group === 0 ? undefined : match[group]) : filled(replacement, match);
        return said?.trim() || undefined;
      });
    }
    return [];
  }
}

function filled(replacement: string, match: RegExpExecArray): string {
  if (!replacement.includes('$')) return replacement;
  return replacement.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '');
}
