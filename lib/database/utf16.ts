/**
 * Text in UTF-16, as databases of that encoding store it.
 *
 * @module
 */

/**
 * The bytes of a text.
 *
 * @param text Any text.
 * @param encoding `UTF-16le` or `UTF-16be`.
 */
export function encodeUtf16(text: string, encoding: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  const littleEndian = encoding === "UTF-16le";
  for (let i = 0; i < text.length; i++) {
    view.setUint16(i * 2, text.charCodeAt(i), littleEndian);
  }
  return bytes;
}
