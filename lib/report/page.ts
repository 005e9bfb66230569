/**
 * The page: one file without scripts, which asks nothing of the network.
 *
 * @module
 */
import { localMinutes } from "../store/names.ts";
import { ago, counted, fileSize, grouped } from "../text.ts";
import { VERSION } from "../version.ts";
import type { ReportFacts } from "./facts.ts";
import { calendarSection, changeSection, sizeSection } from "./history.ts";
import { type Html, markup } from "./markup.ts";
import { proofSection } from "./proved.ts";
import { backSection, roomSection } from "./sections.ts";
import { shrunkSection } from "./shrunk.ts";
import { placeSection } from "./places.ts";
import { STYLE } from "./style.ts";

/** What a browser may do with the page: show it. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; " +
  "base-uri 'none'; form-action 'none'";

/**
 * Writes the page.
 *
 * @param concerns What should worry a person, each a sentence, the worst first.
 * @returns The text of the file.
 */
export function drawPage(
  facts: ReportFacts,
  concerns: readonly string[],
): string {
  const page = markup`
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>Backups &ndash; Software of You</title>
        <style>${STYLE}</style>
      </head>
      <body>
        <header>
          <h1>Your backups</h1>
          <p class="soft">As of ${localMinutes(facts.made)}</p>
        </header>
        <main>
    ${verdictSection(facts, concerns)}
    ${facts.days.length > 0 ? history(facts) : undefined}
        </main>
        <footer>
          <p>Made by backup.ts ${VERSION}, command <code>report</code>. The page
    has numbers and names of tables and files, nothing of what is in them. It does
    not change by itself: run the command again.</p>
        </footer>
      </body>
    </html>
  `;
  return `<!DOCTYPE html>${page.text}`;
}

function history(facts: ReportFacts): Html {
  return markup`${calendarSection(facts)}
${sizeSection(facts)}
${changeSection(facts)}
${shrunkSection(facts)}
${proofSection(facts)}
${placeSection(facts)}
${roomSection(facts)}
${backSection(facts)}`;
}

function verdictSection(
  facts: ReportFacts,
  concerns: readonly string[],
): Html {
  const isGood = concerns.length === 0 && facts.days.length > 0;
  const title = isGood
    ? "All is well"
    : facts.days.length === 0
    ? "There are no backups yet"
    : counted(concerns.length, "thing needs", "things need") +
      " your attention";
  return markup`<section class="verdict ${
    isGood ? "good" : "bad"
  }" aria-labelledby="verdict">
<h2 id="verdict"><span class="sign" aria-hidden="true">${
    isGood ? "✓" : "!"
  }</span>${title}</h2>
${
    concerns.length > 0
      ? markup`<ul>${concerns.map((words) => markup`<li>${words}</li>`)}</ul>`
      : markup`<p>${summary(facts)}</p>`
  }
${facts.days.length > 0 ? figures(facts) : undefined}
${
    facts.faults.length > 0
      ? markup`
        <h3>What could not be read</h3>
        <ul>${facts.faults.map((words) => markup`<li>${words}</li>`)}</ul>
      `
      : undefined
  }
</section>`;
}

function summary({ days, status, made }: ReportFacts): string {
  const newest = days.at(-1);
  if (!newest) return "Run /backup to make the first one.";
  const { date } = newest.backup;
  const proved = status.proofs.of(newest.backup);
  return `The newest backup was made ${ago(date!, made)}` +
    (proved
      ? ` and verified: it restores, value for value.`
      : `. It was not verified yet: /backup verify proves that it restores.`);
}

function figures({ days, status, room, made }: ReportFacts): Html {
  const { backup, rows } = days.at(-1)!;
  const { backups } = status.catalog;
  const proved = backups.filter((entry) => status.proofs.of(entry));
  const [last] = proved;
  const figure = (name: string, value: string, more: string) =>
    markup`
      <div>
        <dt>${name}</dt>
        <dd><strong>${value}</strong><span>${more}</span></dd>
      </div>
    `;
  return markup`<dl class="figures">${
    figure("Newest backup", ago(backup.date!, made), localMinutes(backup.date!))
  }${
    figure(
      "Newest that is verified",
      last ? ago(last.date!, made) : "none",
      last ? localMinutes(last.date!) : "run /backup verify",
    )
  }${
    figure(
      "Backups",
      grouped(backups.length),
      `of ${counted(days.length, "day")}, ${proved.length} verified`,
    )
  }${figure("Room on the disk", fileSize(room.bytes), "all backups")}${
    figure(
      "Rows in the newest",
      rows === undefined ? "not told" : grouped(rows),
      fileSize(days.at(-1)!.bytes),
    )
  }</dl>`;
}
