/**
 * The page of the backups, made and put into its place.
 *
 * @module
 */
import { join } from "@std/path";
import { withContext } from "../faults.ts";
import type { Place } from "../history/moment.ts";
import { replaceText } from "../store/files.ts";
import { withFolder } from "../store/folder.ts";
import { quoted } from "../text.ts";
import type { ReportFacts } from "./facts.ts";
import { drawPage } from "./page.ts";

/** The name of the page, among those that the application lists. */
export const REPORT_NAME = "backup-report.html";

/**
 * Writes the page, in place of an earlier one as a whole.
 *
 * @param concerns What should worry a person, each a sentence, the worst first.
 * @returns The path of the page.
 * @throws {BackupError} if it can't be written; an earlier one is as it was then.
 */
export async function writeReport(
  { installation: { backups }, session }: Place,
  facts: ReportFacts,
  concerns: readonly string[],
): Promise<string> {
  const path = join(backups, REPORT_NAME);
  const text = drawPage(facts, concerns);
  await withContext(
    `Cannot write ${quoted(path)}`,
    () =>
      withFolder(backups, session, () => {
        replaceText(backups, REPORT_NAME, text);
        return Promise.resolve();
      }),
  );
  return path;
}
