/**
 * How a backup is encrypted: for the public keys beside the backups.
 *
 * @module
 */
import { BackupError } from "../errors.ts";
import type { Session } from "../session.ts";
import type { Seal } from "../store/backups.ts";
import type { Installation } from "../store/installation.ts";

/**
 * Makes what encrypts backups for the keys in `recipients.txt`.
 *
 * @throws {BackupError} if there is no such file, or it has a line that is no key.
 */
export async function sealFor(
  { backups }: Installation,
  { checkpoint }: Session,
): Promise<Seal> {
  const { readRecipients } = await import("../age/recipients.ts");
  const recipients = await readRecipients(backups);
  if (!recipients) {
    throw new BackupError(
      "Cannot encrypt: there is no output/recipients.txt with a public key; " +
        "make one with keygen",
    );
  }
  const { keys, fingerprint } = recipients;
  const { encrypt } = await import("../age/age.ts");
  return {
    recipients: fingerprint,
    encrypt: (plain, into) => encrypt(plain, into, keys, checkpoint),
  };
}
