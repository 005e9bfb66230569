/**
 * Exports at moments that the command line names, in the time zone of the process:
 * `clock.ts 2026-10-25T00:30:00Z …`. Writes the names of the files.
 *
 * @module
 */
import { exportBackup } from "../../lib/export/export.ts";
import { installationAt } from "../../lib/store/installation.ts";
import { sessionOf } from "../../lib/session.ts";

if (import.meta.main) {
  const installation = installationAt(".");
  for (const moment of Deno.args) {
    const session = sessionOf(new AbortController().signal);
    await exportBackup(installation, {
      ...session,
      now: () => new Date(moment),
    });
  }
  const names = [...Deno.readDirSync(installation.backups)].map(({ name }) =>
    name
  );
  console.log(JSON.stringify(names.sort()));
}
