/**
 * The page in a real browser: nothing goes wrong, nothing is asked for, nothing sticks
 * out, and axe finds nothing to say against it. Without Chromium the test says so.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { findChromium, type Page, withPage } from "../../lib/demo/browser.ts";
import { reportYear } from "../../lib/demo/page_picture.ts";
import { makeYear } from "../../lib/demo/year.ts";
import { inScratch } from "../support/scratch.ts";

const chromium = findChromium();

/** The source of axe-core; `undefined`: it can't be had, as without a network. */
async function axeSource(): Promise<string | undefined> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-lock",
      "--no-config",
      "import axe from 'npm:axe-core@4.10.3'; console.log(axe.source)",
    ],
    stderr: "null",
  }).output();
  return success ? new TextDecoder().decode(stdout) : undefined;
}

Deno.test({
  name: "the page is sound in a browser, light and dark, wide and narrow",
  ignore: chromium === undefined,
  async fn(t) {
    const axe = await axeSource();
    if (!axe) console.log("axe-core can't be had: accessibility not checked");
    await inScratch(async (folder) => {
      const path = await reportYear(await makeYear(join(folder, "year"), 60));
      await withPage(chromium!, join(folder, "browser"), async (page) => {
        for (const width of [400, 1200]) {
          for (const dark of [false, true]) {
            await t.step(
              `${width} pixels, ${dark ? "dark" : "light"}`,
              () => check(page, path, { width, height: 900, dark }, axe),
            );
          }
        }
      });
    });
  },
});

/** The words below the charts that the next word touches. */
const crowded = `[...document.querySelectorAll(".below")].flatMap((axis) => {
  const words = [...axis.children].map((word) => word.getBoundingClientRect())
    .filter(({ width }) => width > 0);
  return words.slice(1).map(({ left }, i) => left - words[i].right)
    .filter((gap) => gap < 3);
})`;

async function check(
  page: Page,
  path: string,
  view: { width: number; height: number; dark: boolean },
  axe: string | undefined,
): Promise<void> {
  await page.open(`file://${encodeURI(path)}`, view);
  const wide = "document.documentElement.scrollWidth";
  assertEquals(await page.evaluate<number>(wide), view.width);
  assertEquals(page.said, []);
  assertEquals(await page.evaluate<unknown>(crowded), []);
  // Folded tables are looked at, too.
  await page.evaluate(
    "document.querySelectorAll('details').forEach((one) => one.open = true)",
  );
  if (!axe) return;
  await page.evaluate(`${axe}; undefined`);
  const found = await page.evaluate<unknown>(`axe.run().then((found) =>
    found.violations.map(({ id, nodes }) =>
      [id, ...nodes.slice(0, 3).map(({ html, failureSummary }) =>
        html.slice(0, 200) + failureSummary)]))`);
  assertEquals(found, []);
}

if (!chromium) console.log("There is no Chromium: the page was not looked at");
