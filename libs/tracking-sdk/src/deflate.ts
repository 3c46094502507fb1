const WINDOW = 32_768;
const LONGEST = 250;
const SHORTEST = 4;
const HASHES = 65_536;

/**
 * Zlib's format (RFC 1950) with the fixed codes of RFC 1951, section 3.2.6. CompressionStream would answer later, and a
 * page that leaves has no later. Events repeat each other: a tenth of the bytes is usual.
 */
export function deflate(text: string): Uint8Array<ArrayBuffer> {
  const input = new TextEncoder().encode(text);
  const seen = new Int32Array(HASHES).fill(-WINDOW);
  const output = [0x78, 1];
  let held = 0;
  let count = 0;
  let low = 1;
  let high = 0;

  const bits = (value: number, length: number): void => {
    held |= value << count;
    count += length;
    for (; count > 7; count -= 8) {
      output.push(held & 255);
      held >>>= 8;
    }
  };
  // Codes begin with their highest bit, numbers with their lowest.
  const code = (value: number, length: number): void => {
    while (length--) bits((value >> length) & 1, 1);
  };
  const symbol = (value: number): void => {
    if (value < 144) code(value + 48, 8);
    else if (value < 256) code(value + 256, 9);
    else if (value < 280) code(value - 256, 7);
    else code(value - 88, 8);
  };

  bits(3, 3); // the last block, fixed codes
  for (let at = 0; at < input.length;) {
    let length = 0;
    const hash =
      Math.imul(
        (input[at]! << 16) ^ (input[at + 1]! << 11) ^ (input[at + 2]! << 5) ^ input[at + 3]!,
        0x9e3779b1,
      ) >>> 16;
    const before = seen[hash]!;
    if (at - before < WINDOW)
      while (length < LONGEST && input[before + length] === input[at + length]) length++; // beyond the end is undefined
    if (length < SHORTEST) {
      length = 1;
      symbol(input[at]!);
    } else {
      const rest = length - 3;
      const lengthBits = Math.max(29 - Math.clz32(rest), 0);
      symbol(257 + 4 * lengthBits + (rest >> lengthBits));
      bits(rest & ((1 << lengthBits) - 1), lengthBits);
      const distance = at - before - 1;
      const distanceBits = Math.max(30 - Math.clz32(distance), 0);
      code(2 * distanceBits + (distance >> distanceBits), 5);
      bits(distance & ((1 << distanceBits) - 1), distanceBits);
    }
    seen[hash] = at;
    for (; length--; at++) {
      low = (low + input[at]!) % 65_521;
      high = (high + low) % 65_521;
    }
  }
  symbol(256);
  bits(0, 7);
  output.push(high >> 8, high & 255, low >> 8, low & 255);
  return new Uint8Array(output);
}
