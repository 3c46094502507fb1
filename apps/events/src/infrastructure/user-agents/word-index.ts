/**
 * Finds which of many words are in a text, in one pass over it (Aho and Corasick, 1975, with every transition laid out in
 * a table). Case does not count. Words are ASCII.
 */
export class WordIndex {
  /** Of a character's code its column; 0 is every character that no word has. */
  private readonly columns = new Uint8Array(128);
  private readonly width: number;
  private readonly next: Uint16Array;
  /** Of a state the words that end there, its suffixes' included. */
  private readonly found: (readonly number[] | undefined)[];

  constructor(words: readonly string[]) {
    let width = 1;
    for (const char of new Set(words.join(''))) {
      this.columns[char.charCodeAt(0)] = width;
      width += 1;
    }
    for (let code = 65; code <= 90; code += 1) this.columns[code] = this.columns[code + 32] ?? 0;
    this.width = width;
    const { next, found } = this.trie(words);
    this.found = found;
    this.next = this.automaton(next);
  }

  /** How much memory the table takes. */
  get bytes(): number {
    return this.next.byteLength;
  }

  /** Calls `found` with each word's place in the list, perhaps more than once. */
  search(text: string, found: (word: number) => void): void {
    const { next, width, columns } = this;
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      state = next[state * width + (code < 128 ? (columns[code] ?? 0) : 0)] ?? 0;
      const words = this.found[state];
      if (words !== undefined) for (const word of words) found(word);
    }
  }

  private trie(words: readonly string[]): { next: number[][]; found: (number[] | undefined)[] } {
    const next: number[][] = [[]];
    const found: (number[] | undefined)[] = [undefined];
    for (const [index, word] of words.entries()) {
      let state = 0;
      for (let at = 0; at < word.length; at += 1) {
        const column = this.columns[word.charCodeAt(at)] ?? 0;
        const row = next[state] ?? [];
        if (row[column] === undefined) {
          row[column] = next.length;
          next.push([]);
          found.push(undefined);
        }
        state = row[column] ?? 0;
      }
      (found[state] ??= []).push(index);
    }
    if (next.length > 0xffff) throw new Error('more words than the table can hold');
    return { next, found };
  }

  private automaton(trie: readonly number[][]): Uint16Array {
    const { width } = this;
    const table = new Uint16Array(trie.length * width);
    const fallback = new Uint16Array(trie.length);
    // Breadth first: a state's fallback is shorter, and therefore laid out before it.
    const queue = [0];
    for (let head = 0; head < queue.length; head += 1) {
      const state = queue[head] ?? 0;
      const behind = fallback[state] ?? 0;
      for (let column = 0; column < width; column += 1) {
        const child = trie[state]?.[column];
        const otherwise = state === 0 ? 0 : (table[behind * width + column] ?? 0);
        table[state * width + column] = child ?? otherwise;
        if (child === undefined) continue;
        fallback[child] = otherwise;
        const suffix = this.found[otherwise];
        if (suffix !== undefined) this.found[child] = [...(this.found[child] ?? []), ...suffix];
        queue.push(child);
      }
    }
    return table;
  }
}
