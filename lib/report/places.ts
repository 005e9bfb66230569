/**
 * The section with the places where backups are.
 *
 * @module
 */
import { localMinutes } from "../store/names.ts";
import type { SecondStatus } from "../second/look.ts";
import { ago, counted, fileSize, grouped } from "../text.ts";
import type { ReportFacts } from "./facts.ts";
import { Html, markup } from "./markup.ts";
import { dataTable } from "./tables.ts";

/** How many missing files are named. */
const named = 5;

/** Both places. */
export function placeSection(
  { second, status, room, made }: ReportFacts,
): Html {
  const { backups } = status.catalog;
  const rows = [
    [
      "output/",
      "here",
      counted(backups.length, "backup") + `, ${fileSize(room.bytes)}`,
      "made " + localMinutes(backups[0]!.date!),
    ],
    ...second ? [secondRow(second, made)] : [],
  ];
  return markup`<section aria-labelledby="places">
<h2 id="places">Where they are</h2>
${
    second
      ? undefined
      : markup`<p>All backups are on one disk. A link to a folder on another one
gets a copy of each: <code>ln -s /path/to/folder output/second-place</code></p>`
  }
${
    dataTable({
      caption: second ? "Both places" : "One place",
      head: ["Place", "State", "What is there", "Complete"],
      text: [1, 2, 3],
      rows,
    })
  }
${second ? notes(second) : undefined}
</section>`;
}

function secondRow(
  { path, fault, expected, missing, completeAt, unopened }: SecondStatus,
  made: Date,
): string[] {
  const there = expected - missing.length;
  return [
    path,
    fault ?? (missing.length > 0 ? "incomplete" : "there"),
    fault ? "not known" : `${grouped(there)} of ${counted(expected, "file")}` +
      (unopened ? ", encrypted, never opened" : ""),
    completeAt
      ? `${localMinutes(completeAt)}, ${ago(completeAt, made)}`
      : "never yet",
  ];
}

function notes({ missing, odd }: SecondStatus): Html {
  const list = (title: string, names: string[]) =>
    names.length === 0
      ? undefined
      : markup`<p>${title} ${names.slice(0, named).join(", ")}${
        names.length > named
          ? ` and ${counted(names.length - named, "more file")}`
          : ""
      }.</p>`;
  return markup`${
    list("Not there yet; the next backup brings them:", missing)
  }${list("Conflicted or incomplete copies, which are no backups:", odd)}`;
}
