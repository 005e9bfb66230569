/**
 * The section with what is proved, and when.
 *
 * @module
 */
import type { BackupEntry, Catalog } from "../store/catalog.ts";
import { localDay, localMinutes } from "../store/names.ts";
import type { Proofs } from "../store/proofs.ts";
import { counted, fileSize, grouped, printable } from "../text.ts";
import { monthWords } from "./dates.ts";
import type { ReportFacts } from "./facts.ts";
import { type Html, markup } from "./markup.ts";
import { dataTable, foldedTable } from "./tables.ts";

/** How many months are shown. */
const shownMonths = 12;

/** What is proved, and when. */
export function proofSection({ status }: ReportFacts): Html {
  const { catalog: { backups, unrecognized }, proofs } = status;
  return markup`<section aria-labelledby="proofs">
<h2 id="proofs">What is proved</h2>
<p>A backup is proved when it was restored into a scratch database and read
back. ${summary(backups, proofs)}
<code>/backup verify --all</code> proves them all.</p>
${monthTable(backups, proofs)}
${backupTable(backups, proofs)}
${unrecognized.length > 0 ? oddTable(unrecognized) : undefined}
</section>`;
}

function summary(backups: BackupEntry[], proofs: Proofs): string {
  const proved = backups.flatMap((entry) => proofs.of(entry) ?? []);
  const failed = backups.filter((entry) => proofs.failureOf(entry)).length;
  const latest = proved.toSorted((a, b) => b.getTime() - a.getTime())[0];
  return `${grouped(proved.length)} of ${counted(backups.length, "backup")} ` +
    (proved.length === 1 ? "is" : "are") +
    (latest ? `, the last time on ${localMinutes(latest)}.` : ".") +
    (failed > 0 ? ` ${counted(failed, "backup")} FAILED.` : "");
}

function monthTable(backups: BackupEntry[], proofs: Proofs): Html {
  const months = Map.groupBy(
    backups,
    ({ date }) => localDay(date!).slice(0, 7),
  );
  const count = (entries: BackupEntry[], is: (entry: BackupEntry) => unknown) =>
    grouped(entries.filter(is).length);
  return dataTable({
    caption: "By month",
    head: ["Month", "Backups", "Packed", "Proved", "Failed"],
    rows: [...months].slice(0, shownMonths).map(([month, entries]) => [
      monthWords(`${month}-01`),
      grouped(entries.length),
      count(entries, ({ form }) => form === "packed"),
      count(entries, (entry) => proofs.of(entry)),
      count(entries, (entry) => proofs.failureOf(entry)),
    ]),
  });
}

function backupTable(backups: BackupEntry[], proofs: Proofs): Html {
  return foldedTable({
    caption: `each of ${counted(backups.length, "backup")}`,
    head: ["Backup", "Made", "Size", "Proved"],
    text: [3],
    rows: backups.map((entry) => [
      entry.name,
      localMinutes(entry.date!),
      fileSize(entry.size),
      proofWords(entry, proofs),
    ]),
  });
}

function proofWords(entry: BackupEntry, proofs: Proofs): string {
  if (entry.unopened) return "encrypted, never opened";
  const [proved, failed] = [proofs.of(entry), proofs.failureOf(entry)];
  if (proved) return localMinutes(proved);
  return failed ? `FAILED ${localMinutes(failed)}` : "not verified";
}

function oddTable(files: Catalog["unrecognized"]): Html {
  return dataTable({
    caption: "Files that look like backups and are none",
    head: ["File", "What is wrong"],
    text: [1],
    rows: files.map(({ name, fault }) => [printable(name), printable(fault)]),
  });
}
