/**
 * What the application keeps in `soy_meta`: settings of the person, which a
 * restore brings back, and the state of this installation, which it leaves.
 *
 * @module
 */

/** The table of settings. */
export const META_TABLE = "soy_meta";

/** The setting that holds the moment of the last backup. */
export const LAST_BACKUP_KEY = "last_backup_at";

// As the application's migrations, sync programs, health check and license
// programs write them. The sync marks also come once for each account.
const keptKeys = [
  LAST_BACKUP_KEY,
  "schema_version",
  "platform_version",
  "created_at",
  "gmail_last_synced",
  "calendar_last_synced",
  "slack_last_synced",
  "transcripts_last_scanned",
  "views_need_regeneration",
  "soul_last_generated",
  "license_status",
];

/** Whether a setting describes this installation and not its owner. */
export function isInstallationKey(key: string): boolean {
  return keptKeys.some((kept) => key === kept || key.startsWith(kept + ":"));
}
