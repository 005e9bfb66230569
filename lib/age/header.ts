/**
 * How an encrypted file begins, in age's own form and in its form for text
 * (https://age-encryption.org/v1).
 *
 * @module
 */

/** The first line of a file in age's format. */
const header = "age-encryption.org/v1\n";

/** The first and the last line of age's form for text, "ASCII armor". */
export const ARMOR = {
  begin: "-----BEGIN AGE ENCRYPTED FILE-----",
  end: "-----END AGE ENCRYPTED FILE-----",
} as const;

/** The first bytes of a file as text; the next ones are read from its beginning. */
export function headOf(file: Deno.FsFile): string {
  const head = new Uint8Array(128);
  file.seekSync(0, Deno.SeekMode.Start);
  const count = file.readSync(head) ?? 0;
  file.seekSync(0, Deno.SeekMode.Start);
  return new TextDecoder().decode(head.subarray(0, count));
}

/** Whether a file that begins so is in age's form for text. */
export function isArmored(head: string): boolean {
  return head.startsWith(ARMOR.begin);
}

/** Whether a file that begins so is encrypted with age. */
export function isEncryptedHead(head: string): boolean {
  return head.startsWith(header) || isArmored(head);
}
