/**
 * The sections with what to know and to do: tables that shrank, proofs, room, and how
 * to get something back.
 *
 * @module
 */
import { foldName } from "../database/sql.ts";
import type { BackupEntry } from "../store/catalog.ts";
import { localDay, localMinutes } from "../store/names.ts";
import { counted, fileSize, grouped } from "../text.ts";
import { dateWords, monthWords } from "./dates.ts";
import type { ReportFacts } from "./facts.ts";
import { Html, markup } from "./markup.ts";
import { dataTable, foldedTable } from "./tables.ts";

/** How many tables that shrank are shown. */
const shownLosses = 20;

/** The tables that had fewer rows in one backup than in the one before. */
export function shrunkSection({ changes, days }: ReportFacts): Html {
  if (changes.length === 0) return markup``;
  const newest = days.at(-1)!.backup.counts();
  const now = new Map(
    [...newest ?? []].map(([name, rows]) => [foldName(name), Number(rows)]),
  );
  const shrunk = changes.flatMap(({ to, tables, losses }) => {
    const lost = new Set(losses.map(({ name }) => foldName(name)));
    return tables.filter(({ before, after }) => after < before).map((
      table,
    ) => ({
      ...table,
      day: localDay(to.date!),
      isLoss: lost.has(foldName(table.name)),
    }));
  });
  const large = shrunk.filter(({ isLoss }) => isLoss);
  const rows = [...large, ...shrunk.filter(({ isLoss }) => !isLoss)]
    .slice(0, shownLosses);
  return markup`<section aria-labelledby="shrunk">
<h2 id="shrunk">Tables that shrank</h2>
<p>${
    shrunk.length === 0
      ? "No table ever had fewer rows in a backup than in the one before."
      : large.length === 0
      ? "Some rows went, but no table lost a fifth of its rows or more at once."
      : "A table that loses all of its rows, or a fifth of them or more, from " +
        "one backup to the next is marked. If you didn't delete them, the " +
        "backup of the day before has them."
  }</p>
${
    rows.length > 0
      ? dataTable({
        caption: shrunk.length > rows.length
          ? `${rows.length} of ${
            grouped(shrunk.length)
          }, the largest losses first`
          : "The largest losses first",
        head: [
          "Day",
          "Table",
          "Before",
          "After",
          "In the newest",
          "Last backup that has them",
        ],
        text: [1, 5],
        rows: rows.map(({ day, name, before, after, isLoss }) => [
          dateWords(day),
          isLoss ? markup`<strong>${name}</strong>` : name,
          grouped(before),
          isLoss ? markup`<strong>${grouped(after)}</strong>` : grouped(after),
          grouped(now.get(foldName(name)) ?? 0),
          changes.find(({ to }) => localDay(to.date!) === day)!.from.name,
        ]),
      })
      : undefined
  }
</section>`;
}

/** What is proved, and when. */
export function proofSection({ status }: ReportFacts): Html {
  const { catalog: { backups }, proofs } = status;
  const proved = backups.filter((entry) => proofs.of(entry));
  const failed = backups.filter((entry) => proofs.failureOf(entry));
  const latest = proved.map((entry) => proofs.of(entry)!)
    .reduce<Date | undefined>((a, b) => a && a > b ? a : b, undefined);
  const months = Map.groupBy(
    backups,
    ({ date }) => localDay(date!).slice(0, 7),
  );
  const count = (entries: BackupEntry[], is: (entry: BackupEntry) => unknown) =>
    grouped(entries.filter(is).length);
  return markup`<section aria-labelledby="proofs">
<h2 id="proofs">What is proved</h2>
<p>A backup is proved when it was restored into a scratch database and read
back. ${grouped(proved.length)} of ${counted(backups.length, "backup")}
${proved.length === 1 ? "is" : "are"}${
    latest ? `, the last time on ${localMinutes(latest)}` : ""
  }.${failed.length > 0 ? ` ${counted(failed.length, "backup")} FAILED.` : ""}
<code>/backup verify --all</code> proves them all.</p>
${
    dataTable({
      caption: "By month",
      head: ["Month", "Backups", "Packed", "Proved", "Failed"],
      rows: [...months].slice(0, 12).map(([month, entries]) => [
        monthWords(`${month}-01`),
        grouped(entries.length),
        count(entries, ({ form }) => form === "packed"),
        count(entries, (entry) => proofs.of(entry)),
        count(entries, (entry) => proofs.failureOf(entry)),
      ]),
    })
  }
${
    foldedTable({
      caption: `each of ${counted(backups.length, "backup")}`,
      head: ["Backup", "Made", "Size", "Proved"],
      text: [3],
      rows: backups.map((entry) => [
        entry.name,
        localMinutes(entry.date!),
        fileSize(entry.size),
        proofWords(entry, status.proofs),
      ]),
    })
  }
${
    status.catalog.unrecognized.length > 0
      ? dataTable({
        caption: "Files that look like backups and are none",
        head: ["File", "What is wrong"],
        text: [1],
        rows: status.catalog.unrecognized.map((
          { name, fault },
        ) => [name, fault]),
      })
      : undefined
  }
</section>`;
}

function proofWords(
  entry: BackupEntry,
  proofs: ReportFacts["status"]["proofs"],
): string {
  if (entry.unopened) return "encrypted, never opened";
  const [proved, failed] = [proofs.of(entry), proofs.failureOf(entry)];
  if (proved) return localMinutes(proved);
  return failed ? `FAILED ${localMinutes(failed)}` : "not verified";
}

/** What the backups take, and would take. */
export function roomSection({ room }: ReportFacts): Html {
  const saved = room.packableBytes - room.packedBytes;
  const after = room.bytes - saved;
  const part = (bytes: number) => `${Math.round(100 * bytes / room.bytes)}%`;
  return markup`<section aria-labelledby="room">
<h2 id="room">Room</h2>
${
    room.packable === 0
      ? markup`<p>All backups take ${fileSize(room.bytes)}. There is nothing to
pack: the last seven days with backups stay as they are.</p>`
      : markup`
        <p><code>/backup tidy</code> would pack ${
        counted(
          room.packable,
          "backup",
        )
      }, each byte of them, and save about ${
        fileSize(
          saved,
        )
      }. That is an estimate by the sizes of the files.</p>
        <div
          class="room"><span>Now</span><i style="width:100%"></i><span>${
        fileSize(
          room.bytes,
        )
      }</span><span>Packed</span><i class="less" style="width:${
        part(
          after,
        )
      }"></i><span>about ${fileSize(after)}</span></div>
      `
  }
${
    room.packs.length > 0
      ? foldedTable({
        caption: "packed months",
        head: ["File", "Backups", "As plain files", "Packed"],
        rows: room.packs.map(({ name, days, plainBytes, bytes }) => [
          name,
          grouped(days),
          fileSize(plainBytes),
          fileSize(bytes),
        ]),
      })
      : undefined
  }
</section>`;
}

/** How to get something back. */
export function backSection({ days, status }: ReportFacts): Html {
  const name = status.losses.length > 0 && status.reference
    ? status.reference
    : days.at(-1)!.backup.name;
  const way = (title: string, words: string, commands: string[]) =>
    markup`<li><h3>${title}</h3><p>${words}</p>${
      commands.map((command) => markup`<code>${command}</code>`)
    }</li>`;
  return markup`
    <section aria-labelledby="back">
      <h2 id="back">To get something back</h2>
      <p>In Claude Code; in a terminal in the plugin's folder, write <code>deno task
    backup</code> instead of <code>/backup</code>.</p>
      <ul class="ways">${
    way(
      "Everything",
      "See first what would come back, then bring it back. Rows that the " +
        "backup doesn't have stay.",
      [`/backup import ${name} --dry-run`, `/backup import ${name}`],
    )
  }${
    way(
      "No, as it was before",
      "Takes the last import back.",
      ["/backup undo --dry-run", "/backup undo"],
    )
  }${
    way(
      "Only one record",
      "Find out which backup had it last; the answer says how to bring it back.",
      [
        "/backup find 'Sarah Chen'",
        `/backup import ${name} --only 'contacts:Sarah Chen'`,
      ],
    )
  }</ul>
    </section>
  `;
}
