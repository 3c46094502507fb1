const P = 16;
/** How many hashes' bits are left for an update value: 1 + the leading zeros among them, so 1…37. */
const REST_BITS = 36;
const REST = 2 ** REST_BITS;
const MAX_VALUE = REST_BITS + 1;

/** Registers, one byte each: 65,536. */
export const REGISTERS = 2 ** P;

/**
 * UltraLogLog: how many different hashes were seen, out of 64 KiB. Published by Otmar Ertl (UltraLogLog: A Practical and More
 * Space-Efficient Alternative to HyperLogLog for Approximate Distinct Counting, 2023, arXiv:2308.16862; VLDB 17(7), 2024).
 *
 * The first 16 bits of a hash choose a register, the zeros that lead the other 36 give it an update value k, with probability
 * w(k) = 2^-k (the last one has what is left). A register keeps the largest value u, and whether u-1 and u-2 were there, too:
 * 4u + 2·[u-1] + [u-2]. So what a register knows is a function of the set of hashes, and uniting two is lossless.
 *
 * The estimate is the most likely one, with n hashes spread as a Poisson process over m registers: the λ = n/m that makes
 *   Σₖ β(k)·w(k) / (e^(λ·w(k)) − 1) = α
 * where β(k) counts the registers that know of a k, and α sums w(k) over every k that a register knows not to have been there.
 * Its standard error is 0.761/√m, 0.30 % here. The paper's correction, a factor 1/(1 + 0.48/m), is far below that and left out.
 */
export class UltraLogLog {
  private constructor(private readonly registers: Uint8Array) {}

  static empty(): UltraLogLog {
    return new UltraLogLog(new Uint8Array(REGISTERS));
  }

  /** Takes a copy (a Buffer's slice() would be none). undefined where no register could ever be as one of these is. */
  static of(registers: Uint8Array): UltraLogLog | undefined {
    if (registers.length !== REGISTERS) return undefined;
    let impossible = 0;
    for (let i = 0; i < REGISTERS; i++) impossible |= IMPOSSIBLE[registers[i]!]!;
    return impossible ? undefined : new UltraLogLog(new Uint8Array(registers));
  }

  add(hash: number): void {
    const register = Math.floor(hash / REST);
    this.registers[register] = UNION[(this.registers[register]! << 8) | (valueOf(hash % REST) << 2)]!;
  }

  merge(other: UltraLogLog): void {
    const [mine, theirs] = [this.registers, other.registers];
    for (let i = 0; i < REGISTERS; i++) mine[i] = UNION[(mine[i]! << 8) | theirs[i]!]!;
  }

  /** As `merge` of what `of` makes of them. @returns false where that is none: what this one knows is of no use any more */
  mergeBytes(registers: Uint8Array): boolean {
    if (registers.length !== REGISTERS) return false;
    const mine = this.registers;
    let impossible = 0;
    for (let i = 0; i < REGISTERS; i++) {
      const theirs = registers[i]!;
      impossible |= IMPOSSIBLE[theirs]!;
      mine[i] = UNION[(mine[i]! << 8) | theirs]!;
    }
    return impossible === 0;
  }

  /** Of the different hashes; not rounded. */
  estimate(): number {
    const histogram = new Uint32Array(256);
    for (let i = 0; i < REGISTERS; i++) histogram[this.registers[i]!]! += 1;
    const seen = new Float64Array(MAX_VALUE + 1);
    let absent = 0;
    for (let register = 0; register < 256; register++) {
      const count = histogram[register]!;
      if (count === 0) continue;
      const largest = register >> 2;
      if (largest < MAX_VALUE) absent += count * 2 ** -largest;
      for (let value = largest; value > Math.max(0, largest - 3); value--)
        if (knows(register, value)) seen[value]! += count;
        else absent += count * weight(value);
    }
    return REGISTERS * mostLikelyRate(seen, absent);
  }

  /** Not to be changed. */
  bytes(): Uint8Array {
    return this.registers;
  }
}

/** 1 + the zeros that lead `rest` as a number of 36 bits. */
function valueOf(rest: number): number {
  const high = Math.floor(rest / 16);
  return high > 0 ? Math.clz32(high) + 1 : Math.clz32(rest) + 5;
}

function weight(value: number): number {
  return 2 ** -Math.min(value, REST_BITS);
}

function knows(register: number, value: number): boolean {
  const largest = register >> 2;
  return value === largest || (register & (4 >> (largest - value))) !== 0;
}

/** What falls and is convex comes to nought by Newton's steps from the left, and never beyond it. */
function mostLikelyRate(seen: Float64Array, absent: number): number {
  if (absent === 0) return 2 ** REST_BITS;
  let [all, weighed] = [0, 0];
  for (let value = 1; value <= MAX_VALUE; value++) {
    all += seen[value]!;
    weighed += seen[value]! * weight(value);
  }
  // left of the root, because x/(e^x − 1) ≥ 1 − x/2
  let rate = all / (absent + weighed / 2);
  for (let step = rate; rate > 0 && step > rate * 1e-10;) {
    let [excess, slope] = [-absent, 0];
    for (let value = 1; value <= MAX_VALUE; value++) {
      if (seen[value] === 0) continue;
      const grown = Math.expm1(rate * weight(value));
      const term = (seen[value]! * weight(value)) / grown;
      excess += term;
      slope += term * weight(value) * (1 + 1 / grown);
    }
    step = excess / slope;
    rate += step;
  }
  return rate;
}

function union(a: number, b: number): number {
  const largest = Math.max(a >> 2, b >> 2);
  let register = largest << 2;
  for (const behind of [1, 2]) {
    const value = largest - behind;
    if (value > 0 && (knewOf(a, value) || knewOf(b, value))) register |= 4 >> behind;
  }
  return register;
}

function knewOf(register: number, value: number): boolean {
  const largest = register >> 2;
  return value <= largest && value >= largest - 2 && knows(register, value);
}

const IMPOSSIBLE = Uint8Array.from({ length: 256 }, (_, register) => {
  const largest = register >> 2;
  const tellsOfNone = (largest < 2 && (register & 2) !== 0) || (largest < 3 && (register & 1) !== 0);
  return largest > MAX_VALUE || tellsOfNone ? 1 : 0;
});

/** By both registers: adding is uniting with a register that knows one value. */
const UNION = Uint8Array.from({ length: 65_536 }, (_, pair) => union(pair >> 8, pair & 255));
