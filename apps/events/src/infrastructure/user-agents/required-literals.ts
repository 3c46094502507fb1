/** What a text must hold to be matched: of every inner list at least one, in lower case. Empty: it may be anything. */
export type Requirements = string[][];

/** The texts that a part of an expression can be, if they are few (`exact`), and what any text it matches must hold. */
interface Part {
  exact?: string[];
  needs: Requirements;
}

const FEW = 24;
const QUANTIFIER = /[*+?]|\{(\d+)(?:,\d*)?\}/y;
const OPENING = /\?(:|=|!|<=|<!)/y;
const ANYTHING: Part = { needs: [] };
const EMPTY: Part = { exact: [''], needs: [] };

/**
 * What every text that `source` matches holds for certain, so that a cheap search for a few words says which of many
 * expressions are worth a try. It knows the syntax that the rules of uap-core use, and never asks for too much: what it
 * does not understand, it asks nothing of.
 */
export function requiredLiterals(source: string): Requirements {
  const part = new Reader(source).alternatives();
  return useful(part.exact ? [...part.needs, part.exact] : part.needs);
}

class Reader {
  private at = 0;

  constructor(private readonly source: string) {}

  alternatives(): Part {
    const branches = [this.sequence()];
    while (this.source[this.at] === '|') {
      this.at += 1;
      branches.push(this.sequence());
    }
    if (branches.length === 1) return branches[0] ?? EMPTY;
    const exact = branches.flatMap((branch) => branch.exact ?? []);
    if (branches.every((branch) => branch.exact) && exact.length <= FEW) return { exact, needs: [] };
    // Whichever branch it is, one of its best words is there.
    const best = branches.map((branch) => bestOf(branch));
    return best.every((words) => words !== undefined) ? { needs: [best.flat()] } : ANYTHING;
  }

  private sequence(): Part {
    const needs: Requirements = [];
    let run: string[] = [''];
    let whole = true;
    const flush = (): void => {
      needs.push(run);
      run = [''];
      whole = false;
    };
    while (this.at < this.source.length && this.source[this.at] !== '|' && this.source[this.at] !== ')') {
      const part = this.quantified();
      needs.push(...part.needs);
      if (part.exact === undefined) flush();
      else if (run.length * part.exact.length <= FEW) run = product(run, part.exact);
      else {
        flush();
        run = part.exact;
      }
    }
    return whole && needs.length === 0 ? { exact: run, needs: [] } : { needs: useful([...needs, run]) };
  }

  private quantified(): Part {
    const part = this.atom();
    const [quantifier, least] = this.quantifier();
    if (quantifier === undefined) return part;
    if (quantifier === '?') return part.exact ? { exact: [...part.exact, ''], needs: [] } : ANYTHING;
    if (least === 0) return ANYTHING;
    // Once for certain; how often, and with what behind it, nobody knows.
    return { needs: part.exact ? [...part.needs, part.exact] : part.needs };
  }

  private quantifier(): [quantifier?: string, least?: number] {
    QUANTIFIER.lastIndex = this.at;
    const match = QUANTIFIER.exec(this.source);
    if (match === null) return [];
    this.at += match[0].length;
    if (this.source[this.at] === '?') this.at += 1;
    return [match[0], match[1] === undefined ? (match[0] === '+' ? 1 : 0) : Number(match[1])];
  }

  private atom(): Part {
    const char = this.source[this.at] ?? '';
    this.at += 1;
    if (char === '(') return this.group();
    if (char === '[') return this.charClass();
    if (char === '\\') return this.escape();
    if (char === '.') return ANYTHING;
    return char === '^' || char === '$' ? EMPTY : literal(char);
  }

  private group(): Part {
    OPENING.lastIndex = this.at;
    const [opening = '', kind] = OPENING.exec(this.source) ?? [];
    this.at += opening.length;
    const inner = this.alternatives();
    this.at += 1;
    if (kind === undefined || kind === ':') return inner;
    // Looking around takes nothing, and the words of a look ahead may be part of what follows: ask nothing.
    return EMPTY;
  }

  private charClass(): Part {
    const negated = this.source[this.at] === '^';
    if (negated) this.at += 1;
    const members: string[] = [];
    let few = !negated;
    while (this.source[this.at] !== ']') {
      let char = this.source[this.at] ?? '';
      this.at += 1;
      if (char === '\\') {
        char = this.source[this.at] ?? '';
        this.at += 1;
        if (/\w/.test(char)) few = false;
      } else if (char === '-' && members.length > 0 && this.source[this.at] !== ']') few = false;
      members.push(char);
    }
    this.at += 1;
    if (!few) return ANYTHING;
    return oneOf(members);
  }

  private escape(): Part {
    const char = this.source[this.at] ?? '';
    this.at += 1;
    if (char === 'b' || char === 'B') return EMPTY;
    return /\w/.test(char) ? ANYTHING : literal(char);
  }
}

function literal(char: string): Part {
  return char > '\x7f' ? ANYTHING : { exact: [char.toLowerCase()], needs: [] };
}

/** Beyond ASCII upper and lower case are a science: no word goes over such a character. */
function oneOf(chars: readonly string[]): Part {
  if (chars.some((char) => char > '\x7f')) return ANYTHING;
  return { exact: [...new Set(chars.map((char) => char.toLowerCase()))], needs: [] };
}

function product(heads: readonly string[], tails: readonly string[]): string[] {
  const [tail] = tails;
  // Most of an expression is plain text, letter by letter.
  if (tails.length === 1 && tail !== undefined) return heads.map((head) => head + tail);
  return [...new Set(heads.flatMap((head) => tails.map((tail) => head + tail)))];
}

function bestOf({ exact, needs }: Part): string[] | undefined {
  const all = useful(exact ? [...needs, exact] : needs);
  return all.reduce<string[] | undefined>(
    (best, words) => (best && worth(best) >= worth(words) ? best : words),
    undefined,
  );
}

/** A short word is everywhere; so is one of many. */
function worth(words: readonly string[]): number {
  return Math.min(...words.map((word) => word.length)) - words.length / 16;
}

function useful(requirements: Requirements): Requirements {
  return requirements.filter((words) => words.every((word) => word.length >= 2));
}
