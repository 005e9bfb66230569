/**
 * Numbers and base64 out of the file's bytes.
 *
 * @module
 */

const ascii = new TextDecoder("latin1");
const lowest = -(2n ** 63n);
const highest = 2n ** 63n - 1n;

/** Characters of base64 taken at a time: strings have a limit, values less so. */
const base64Piece = 1 << 20;

/**
 * The integer that JSON digits stand for.
 *
 * @param bytes A JSON number without fraction and exponent.
 * @returns `undefined` where 64 bits do not hold it.
 */
export function parseInteger(bytes: Uint8Array): number | bigint | undefined {
  if (bytes.length <= 15) {
    const negative = bytes[0] === 0x2d;
    let n = 0;
    for (let i = negative ? 1 : 0; i < bytes.length; i++) {
      n = n * 10 + bytes[i]! - 0x30;
    }
    return negative && n !== 0 ? -n : n;
  }
  const n = BigInt(ascii.decode(bytes));
  if (n < lowest || n > highest) return undefined;
  const small = Number(n);
  return Number.isSafeInteger(small) ? small : n;
}

/** The double nearest to a JSON number; infinite beyond the range of doubles. */
export function parseReal(bytes: Uint8Array): number {
  return Number(ascii.decode(bytes));
}

/**
 * The bytes that base64 (RFC 4648, padded) stands for.
 *
 * @returns `undefined` where it is malformed.
 */
export function decodeBase64(encoded: Uint8Array): Uint8Array | undefined {
  if (encoded.length % 4 !== 0) return undefined;
  const decoded = new Uint8Array(encoded.length / 4 * 3);
  let length = 0;
  for (let at = 0; at < encoded.length; at += base64Piece) {
    const piece = ascii.decode(encoded.subarray(at, at + base64Piece));
    const last = at + base64Piece >= encoded.length;
    // White space would be skipped, and padding inside would end a piece.
    if (/\s/.test(piece) || (!last && piece.includes("="))) return undefined;
    try {
      const target = decoded.subarray(length);
      length += target.setFromBase64(piece, { lastChunkHandling: "strict" })
        .written;
    } catch {
      return undefined;
    }
  }
  return decoded.subarray(0, length);
}
