import { HashSet } from './hash-set';
import { REGISTERS, UltraLogLog } from './ultra-log-log';

/** Of the estimate, at 99 of 100 sets of any size; below EXACT_UP_TO there is none. */
export const STATED_ERROR = 0.01;
/** So many are counted exactly. */
export const EXACT_UP_TO = 4_096;
export const HASH_BITS = 52;

const HASHES = 2 ** HASH_BITS;
const EXACT_FORM = 1;
const DENSE_FORM = 2;
const BYTES_PER_HASH = 7;
const HIGH = 2 ** 24;

/** The bytes are no sketch: the stored row is damaged, or of a later version. */
export class MalformedSketch extends Error {
  constructor() {
    super('These bytes are no sketch of unique visitors.');
  }
}

/**
 * How many different ones there are among 52-bit hashes, mergeable without loss: exact up to 4,096 of them, from there on an
 * UltraLogLog of 64 KiB (ultra-log-log.ts), whose error is at most 1 % in 99 of 100 cases. It is a function of the set alone:
 * neither order, nor repeats, nor how it was merged from parts can be seen in its bytes.
 */
export class UniqueSketch {
  private constructor(
    private few: HashSet,
    private many?: UltraLogLog,
  ) {}

  static empty(): UniqueSketch {
    return new UniqueSketch(HashSet.empty());
  }

  /** @throws MalformedSketch on bytes that toBytes() never gave */
  static of(bytes: Uint8Array): UniqueSketch {
    if (bytes[0] === EXACT_FORM) return new UniqueSketch(HashSet.of(readHashes(bytes)));
    const many = bytes[0] === DENSE_FORM ? UltraLogLog.of(bytes.subarray(1)) : undefined;
    if (!many) throw new MalformedSketch();
    return new UniqueSketch(HashSet.empty(), many);
  }

  /** @throws RangeError on what is no 52-bit integer */
  add(hash: number): void {
    if (!(hash >= 0 && hash < HASHES) || hash % 1 !== 0) throw new RangeError('A hash has 52 bits.');
    if (this.many) this.many.add(hash);
    else if (this.few.add(hash)) this.settle();
  }

  /** Takes in what the other one has; the other one stays as it is. */
  merge(other: UniqueSketch): void {
    const theirs = other.settle();
    const mine = this.settle();
    if (mine) return other.addTo(mine);
    if (theirs) {
      const many = UltraLogLog.empty();
      many.merge(theirs);
      this.addTo(many);
      this.become(many);
      return;
    }
    this.few.merge(other.few);
    this.settle();
  }

  /**
   * As `merge` of what `of` makes of them, but keeps nothing of them and makes no copy: for many, 64 KiB each.
   * @throws MalformedSketch, and is then not to be used any more
   */
  mergeBytes(bytes: Uint8Array): void {
    const mine = this.settle();
    if (mine && bytes[0] === DENSE_FORM) {
      if (!mine.mergeBytes(bytes.subarray(1))) throw new MalformedSketch();
      return;
    }
    const other = UniqueSketch.of(bytes);
    if (mine || this.few.atMost > 0) return this.merge(other);
    this.few = other.few;
    this.many = other.many;
  }

  /** A whole number; estimated unless `exact`. */
  get count(): number {
    const many = this.settle();
    // More than are counted it is for certain, whatever the registers say.
    return many ? Math.max(EXACT_UP_TO + 1, Math.round(many.estimate())) : this.few.values().length;
  }

  get exact(): boolean {
    return this.settle() === undefined;
  }

  /** The same for the same set of hashes. At most 65,537 bytes; 1 + 7 a hash where it is exact. */
  toBytes(): Buffer {
    const many = this.settle();
    if (!many) return writeHashes(this.few.values());
    const bytes = Buffer.allocUnsafe(1 + REGISTERS);
    bytes[0] = DENSE_FORM;
    bytes.set(many.bytes(), 1);
    return bytes;
  }

  /** Becomes an estimate where there are too many to be counted. */
  private settle(): UltraLogLog | undefined {
    if (!this.many && this.few.atMost > EXACT_UP_TO && this.few.values().length > EXACT_UP_TO) {
      const many = UltraLogLog.empty();
      this.addTo(many);
      this.become(many);
    }
    return this.many;
  }

  private become(many: UltraLogLog): void {
    this.many = many;
    this.few = HashSet.empty();
  }

  private addTo(many: UltraLogLog): void {
    if (this.many) return many.merge(this.many);
    for (const hash of this.few.values()) many.add(hash);
  }
}

function writeHashes(hashes: Float64Array): Buffer {
  const bytes = Buffer.allocUnsafe(1 + hashes.length * BYTES_PER_HASH);
  bytes[0] = EXACT_FORM;
  let at = 1;
  for (const hash of hashes) {
    bytes.writeUIntBE(Math.floor(hash / HIGH), at, 4);
    bytes.writeUIntBE(hash % HIGH, at + 4, 3);
    at += BYTES_PER_HASH;
  }
  return bytes;
}

function readHashes(bytes: Uint8Array): Float64Array {
  const length = (bytes.length - 1) / BYTES_PER_HASH;
  if (!Number.isInteger(length) || length > EXACT_UP_TO) throw new MalformedSketch();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hashes = new Float64Array(length);
  let last = -1;
  for (let i = 0, at = 1; i < length; i++, at += BYTES_PER_HASH) {
    const low = (view.getUint16(at + 4) << 8) | view.getUint8(at + 6);
    const hash = view.getUint32(at) * HIGH + low;
    if (hash <= last || hash >= HASHES) throw new MalformedSketch();
    last = hashes[i] = hash;
  }
  return hashes;
}
