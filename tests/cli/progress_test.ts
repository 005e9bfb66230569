/**
 * The bar that tells how far a long piece of work is.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { ProgressBar, progressLine } from "../../lib/cli/progress.ts";
import { putSmallSample } from "../support/sample.ts";
import { denoArgs } from "../support/process.ts";
import { exportBackup } from "../../lib/export/export.ts";
import { importBackup } from "../../lib/import/import.ts";
import type { Progress } from "../../lib/session.ts";
import { undo } from "../../lib/undo/undo.ts";
import { atSmallSample } from "../support/installation.ts";
import {
  inScratch,
  makeInstallation,
  session,
  withDb,
} from "../support/scratch.ts";

const state = {
  doing: "Backing up",
  table: "emails",
  rows: 12000,
  bytes: 30_000_000,
  total: 120_000_000,
};

Deno.test("progressLine() tells table, rows, bytes, rate and the time left", () => {
  assertEquals(
    progressLine(state, 2),
    "Backing up: emails, 12,000 rows  30 MB  15 MB/s  " +
      "█████░░░░░░░░░░░░░░░ 25 %  6 s left",
  );
});

Deno.test("progressLine() keeps percentage and time left however narrow the terminal is", () => {
  const end = "25 %  6 s left";
  const expected: [number, string][] = [
    [80, `Backing up: emails, 12,000 rows  30 MB  █████░░░░░░░░░░░░░░░ ${end}`],
    [70, `Backing up: emails, 12,000 rows  █████░░░░░░░░░░░░░░░ ${end}`],
    [60, `Backing up: emails, 12,000 rows  ███░░░░░░░ ${end}`],
    [50, `Backing up: emails  ███░░░░░░░ ${end}`],
    [40, `Backing up: emails  ${end}`],
    [30, `Backing up  ${end}`],
    [20, "Backing up  25 %  6 "],
  ];
  for (const [columns, line] of expected) {
    assertEquals(progressLine(state, 2, columns), line);
  }
});

Deno.test("ProgressBar tells of the next step at once, once it is shown", async () => {
  const lines: string[] = [];
  const bar = new ProgressBar((line) => lines.push(line), () => 60);
  bar.update(state);
  await new Promise((resolve) => setTimeout(resolve, 1300));
  bar.update({ doing: "Saving", table: "", rows: 0, bytes: 0, total: 0 });
  assertEquals(lines.at(-1), "Saving  0 s");
  bar.clear();
});

Deno.test("progressLine() never says that all is done, nor prints a name raw", () => {
  const line = progressLine(
    { ...state, table: "a\x1b[2Jb", bytes: 130_000_000 },
    10,
  );
  assertStringIncludes(line, " 99 %");
  assertStringIncludes(line, "a\\u001b[2Jb");
});

Deno.test("progressLine() tells the time where the size is not known", () => {
  const copying = { doing: "Copying", table: "", rows: 0, bytes: 0, total: 0 };
  assertEquals(progressLine(copying, 3.4), "Copying  3 s");
});

Deno.test("ProgressBar shows nothing for work that is soon done", async () => {
  const lines: string[] = [];
  const bar = new ProgressBar((line) => lines.push(line));
  bar.update(state);
  await new Promise((resolve) => setTimeout(resolve, 300));
  bar.update(state);
  bar.clear();
  assertEquals(lines, []);
});

Deno.test("ProgressBar shows longer work and goes away", async () => {
  const lines: string[] = [];
  const bar = new ProgressBar((line) => lines.push(line));
  bar.update(state);
  await new Promise((resolve) => setTimeout(resolve, 1400));
  bar.clear();
  assertMatch(lines[0]!, /^Backing up: emails, 12,000 rows {2}30 MB/);
  assertEquals(lines.at(-1), "");
});

Deno.test("a run that is not on a terminal shows no bar", async () => {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "piped");
    putSmallSample(installation.database, { scale: 8 });
    const args = denoArgs({ cwd: installation.root }, [
      "export",
      "--root",
      ".",
    ]);
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: installation.root,
      stdin: "null",
    }).output();
    assertEquals([code, stderr.length], [0, 0]);
  });
});

Deno.test("ProgressBar goes on with the time left after a step that tells nothing", async () => {
  const lines: string[] = [];
  const bar = new ProgressBar((line) => lines.push(line));
  bar.update(state);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  bar.update({ ...state, doing: "Merging", rows: 0, bytes: 0, total: 0 });
  bar.update(state);
  const [merging, last] = lines.slice(-2);
  assertEquals(merging, "Merging: emails  0 s");
  assertMatch(last!, / 25 % {2}[4-9] s left$/);
  bar.clear();
});

Deno.test("import and undo tell of the steps that take long at their end", async () => {
  await atSmallSample(async (installation) => {
    const steps = new Set<string>();
    const hearing = {
      ...session(),
      checkpoint: (progress?: Progress) => {
        if (progress) steps.add(progress.doing);
        return Promise.resolve();
      },
    };
    const { path } = await exportBackup(installation, hearing);
    withDb(installation.database, (db) => db.exec("DELETE FROM emails"));
    await importBackup(installation, path, { exact: true }, hearing);
    await undo(installation, hearing);
    for (
      const step of [
        "Merging",
        "Making indexes",
        "Saving",
        "Copying the database",
        "Putting the snapshot back",
      ]
    ) assert(steps.has(step), `${step} is not told`);
  });
});
