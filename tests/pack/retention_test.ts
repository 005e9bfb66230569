/**
 * Thinning out: what restic's rules keep, and what is never removed.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { applyRules, type KeepRules } from "../../lib/pack/retention.ts";
import type { BackupEntry } from "../../lib/store/catalog.ts";
import type { Proofs } from "../../lib/store/proofs.ts";
import { runInProcess } from "../support/in_process.ts";
import {
  assertAllThere,
  atDays,
  packNames,
  plainNames,
  tidied,
} from "./days.ts";

function entry(name: string, rows = 1): BackupEntry {
  const [, date, time = "180000"] = /^backup-(\d{4}-\d\d-\d\d)(?:-(\d{6}))?/
    .exec(name)!;
  const moment = time.replace(/(..)(..)(..)/, "$1:$2:$3");
  return {
    name,
    path: name,
    form: "json",
    size: 1,
    date: new Date(`${date}T${moment}`),
    sha256: name,
    ours: true,
    counts: () => new Map([["contacts", BigInt(rows)]]),
  };
}

const now = new Date("2026-06-01T18:00:00");

const noProofs: Proofs = {
  of: () => undefined,
  failureOf: () => undefined,
  currentAt: () => undefined,
};

function kept(
  backups: BackupEntry[],
  rules: KeepRules,
  proofs: Proofs = noProofs,
): string[] {
  const newest = backups.toSorted((a, b) =>
    b.date!.getTime() - a.date!.getTime()
  );
  const gone = applyRules(newest, rules, proofs, now).removed;
  return newest.filter((backup) => !gone.includes(backup))
    .map(({ name }) => name.slice("backup-".length, -".json".length));
}

const days = (...days: string[]) =>
  days.map((day) => entry(`backup-${day}.json`));

Deno.test("backups of the future stay, and take no place of those of days that have been", () => {
  const backups = days("2026-01-01", "2026-01-02", "2099-01-01", "2099-01-02");
  assertEquals(kept(backups, { daily: 1 }), [
    "2099-01-02",
    "2099-01-01",
    "2026-01-02",
  ]);
});

Deno.test("rows that the application makes anew don't make a backup the fullest", () => {
  const withViews = {
    ...entry("backup-2026-01-01.json"),
    counts: () => new Map([["contacts", 1n], ["Generated_Views", 9n]]),
  };
  const later = ["backup-2026-01-02.json", "backup-2026-01-03.json"];
  const backups = [withViews, ...later.map((name) => entry(name))];
  assertEquals(kept(backups, { daily: 1 }), ["2026-01-03"]);
});

Deno.test("without a rule nothing is removed", () => {
  assertEquals(kept(days("2026-02-01", "2025-02-01"), {}).length, 2);
});

Deno.test("daily keeps the newest backup of each of the last days that have one", () => {
  const backups = days(
    "2026-02-10",
    "2026-02-20",
    "2026-02-20-090000",
    "2026-02-27",
  );
  assertEquals(kept(backups, { daily: 2 }), ["2026-02-27", "2026-02-20"]);
});

Deno.test("weekly begins on Monday, monthly and yearly follow the calendar", () => {
  const backups = days(
    "2025-12-31",
    "2026-01-04",
    "2026-01-05",
    "2026-01-31",
    "2026-02-01",
  );
  // The 4th of January 2026 is a Sunday.
  assertEquals(kept(backups, { weekly: 3 }), [
    "2026-02-01",
    "2026-01-05",
    "2026-01-04",
  ]);
  assertEquals(kept(backups, { monthly: 3 }), [
    "2026-02-01",
    "2026-01-31",
    "2025-12-31",
  ]);
  assertEquals(kept(backups, { yearly: 5 }), ["2026-02-01", "2025-12-31"]);
});

Deno.test("what any rule keeps stays", () => {
  const backups = days("2025-12-31", "2026-01-31", "2026-02-01", "2026-02-02");
  assertEquals(kept(backups, { daily: 2, yearly: 2 }), [
    "2026-02-02",
    "2026-02-01",
    "2025-12-31",
  ]);
});

Deno.test("the last verified backup and the one with the most rows stay", () => {
  const [old, proved, rich, last] = [
    entry("backup-2026-01-01.json", 5),
    entry("backup-2026-01-02.json", 5),
    entry("backup-2026-01-03.json", 9),
    entry("backup-2026-01-04.json", 7),
  ];
  const proofs: Proofs = {
    ...noProofs,
    of: ({ sha256 }) => sha256 === proved.name ? new Date() : undefined,
  };
  const backups = [last, rich, proved, old];
  const { removed, protected: stay } = applyRules(
    backups,
    { daily: 1 },
    proofs,
    now,
  );
  assertEquals(removed, [old]);
  assertEquals(stay.map(({ name }) => name), [proved.name, rich.name]);
  assert(stay[1]!.reason.includes("9 rows"));
});

Deno.test("the last backup before a loss stays", () => {
  const backups = [
    entry("backup-2026-01-04-180000.json", 1),
    entry("backup-2026-01-03.json", 1),
  ];
  assertEquals(kept(backups, { daily: 1 }).length, 2);
});

Deno.test("tidy --keep-… removes plain and packed backups, and no others", async () => {
  await atDays(40, async (installation, files) => {
    await tidied(installation);
    const answer = await tidied(
      installation,
      "--keep-daily",
      "3",
      "--keep-monthly",
      "2",
    );
    assertEquals(answer.code, 0);
    const staying = [
      "backup-2026-01-31.json",
      "backup-2026-02-25.json",
      "backup-2026-02-26.json",
      "backup-2026-02-27.json",
    ];
    assertEquals(
      answer.removed.length + answer.protected.length,
      files.size - 4,
    );
    assertEquals(plainNames(installation), staying.slice(1));
    for (const { name } of answer.protected) staying.push(name);
    const kept = new Map([...files].filter(([name]) => staying.includes(name)));
    await assertAllThere(installation, kept);
    const { out } = await runInProcess(installation, ["status", "--json"]);
    assertEquals(
      JSON.parse(out).backups.map(({ name }: { name: string }) => name).sort(),
      [...kept.keys()].sort(),
    );
  });
});

Deno.test("a month of which nothing stays has no pack", async () => {
  await atDays(40, async (installation) => {
    await tidied(installation);
    await tidied(installation, "--keep-daily", "3");
    const packs = packNames(installation);
    const names = JSON.parse(
      (await runInProcess(installation, ["status", "--json"])).out,
    ).backups.map(({ packed }: { packed: string | null }) => packed);
    assertEquals(packs, [...new Set(names)].filter(Boolean).sort());
    for (const name of packs) Deno.statSync(join(installation.backups, name));
  });
});

Deno.test("a number to keep is above 0", async () => {
  await atDays(12, async (installation, files) => {
    for (const number of ["0", "-1", "x", "1.5"]) {
      const { code, err } = await runInProcess(installation, [
        "tidy",
        `--keep-daily=${number}`,
      ]);
      assertEquals(code, 2, err);
    }
    assertEquals(plainNames(installation).length, files.size);
  });
});
