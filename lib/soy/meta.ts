/**
 * The settings that Software of You keeps in `soy_meta`: those of the user, which
 * an import restores, and the state of an installation, which it does not change.
 *
 * @module
 */

/** The table of settings. */
export const META_TABLE = "soy_meta";

/** Tables whose column `key` names a setting, and is no secret. */
export const SETTING_TABLES: readonly string[] = [META_TABLE, "user_profile"];

/** The setting that holds the time of the last backup, in UTC. */
export const LAST_BACKUP_KEY = "last_backup_at";

// Written by the application's migrations and its sync, health check and license
// programs. The sync times also exist per account, with the account after a colon.
const installationKeys = [
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

/** Whether a setting describes an installation rather than its user. */
export function isInstallationKey(key: string): boolean {
  return installationKeys.some((known) =>
    key === known || key.startsWith(known + ":")
  );
}
