/**
 * The picture of the page in the README: a year of made-up backups, drawn by a browser.
 * It needs Chromium.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { reportCommand } from "../cli/report.ts";
import { REPORT_NAME } from "../report/report.ts";
import type { Installation } from "../store/installation.ts";
import { findChromium, withPage } from "./browser.ts";
import { makeYear, sessionThen, YEAR_END } from "./year.ts";

/** Where the picture is kept, as the README links to it. */
const picture = join(
  dirname(fromFileUrl(import.meta.url)),
  "../../docs/report.png",
);

/** What of the page is shown, in pixels: the answer, and most of the calendar. */
const view = { width: 1000, height: 900, dark: false };

/**
 * Writes the page of a made-up year, three hours after its last backup.
 *
 * @returns The path of the page.
 */
export async function reportYear(installation: Installation): Promise<string> {
  const moment = new Date(YEAR_END.getTime() + 3 * 3_600_000);
  const request = { paths: [], options: {} };
  await reportCommand.run(request, {
    installation,
    session: sessionThen(moment),
    out: () => {},
    outJson: () => {},
    asJson: false,
    isTerminal: false,
  });
  return join(installation.backups, REPORT_NAME);
}

if (import.meta.main) {
  const chromium = findChromium();
  if (!chromium) throw new Error("There is no Chromium to draw the page");
  const folder = Deno.makeTempDirSync({ prefix: "soy-backup-page-" });
  try {
    const path = await reportYear(await makeYear(join(folder, "year")));
    await withPage(chromium, join(folder, "browser"), async (page) => {
      await page.open(`file://${path}`, view);
      Deno.writeFileSync(picture, await page.picture(false));
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
