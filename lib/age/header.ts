/**
 * How an encrypted file begins.
 *
 * @module
 */

/** The first line of a file in age's format. */
export const AGE_HEADER = "age-encryption.org/v1\n";

/** The beginning of a file in age's form for text. */
export const ARMOR_HEADER = "-----BEGIN AGE ENCRYPTED FILE-----";

/** The first bytes of a file as text; the next ones are read from its beginning. */
export function headOf(file: Deno.FsFile): string {
  const head = new Uint8Array(64);
  file.seekSync(0, Deno.SeekMode.Start);
  const count = file.readSync(head) ?? 0;
  file.seekSync(0, Deno.SeekMode.Start);
  return new TextDecoder().decode(head.subarray(0, count));
}
