/**
 * What is remembered of verifications.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import { verifyFile } from "../../lib/compare/verify.ts";
import { readSummary } from "../../lib/format/summary.ts";
import type { Installation } from "../../lib/store/installation.ts";
import {
  forgetProofs,
  noteCurrent,
  noteProof,
  PROOFS_NAME,
  readProofs,
} from "../../lib/store/proofs.ts";
import { runInProcess } from "../support/in_process.ts";
import { edit } from "../support/installation.ts";
import { atInstallation, session, withDb } from "../support/scratch.ts";

const sql = "CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);" +
  "INSERT INTO contacts VALUES (1, 'Anna Berg'), (2, 'Ben Okafor')";

/** Runs a test at an installation with a backup. */
function atBackup(
  test: (installation: Installation, path: string) => Promise<void> | void,
): Promise<void> {
  return atInstallation(sql, async (installation) => {
    await test(installation, await makeBackup(installation));
  });
}

async function makeBackup(
  installation: Installation,
  ...options: string[]
): Promise<string> {
  const run = await runInProcess(installation, [
    "export",
    "--json",
    ...options,
  ]);
  return join(installation.root, JSON.parse(run.out).file);
}

interface Told {
  proved: string | null;
  failed: string | null;
}

/** What status says of the backups, newest first. */
async function told(installation: Installation): Promise<[Told, string]> {
  const json = await runInProcess(installation, ["status", "--json"]);
  const { proved, failed } = JSON.parse(json.out).backups[0];
  const { out } = await runInProcess(installation, ["status"]);
  return [{ proved, failed }, out];
}

Deno.test("verify is remembered, and status tells it of the backup by any name", async () => {
  await atBackup(async (installation, path) => {
    const [before, words] = await told(installation);
    assertEquals(before, { proved: null, failed: null });
    assertStringIncludes(words, "not verified");
    const { code, err } = await runInProcess(installation, ["verify"]);
    assertEquals([code, err], [0, ""]);
    Deno.renameSync(
      path,
      join(installation.backups, "backup-2026-02-19-120000.json"),
    );
    const [after, now] = await told(installation);
    assertEquals(after.proved?.length, 20);
    assertStringIncludes(now, "  verified just now");
    const state = Deno.statSync(join(installation.backups, PROOFS_NAME));
    assertEquals(state.mode! & 0o777, 0o600);
  });
});

Deno.test("export --verify is remembered, a plain export is not", async () => {
  await atBackup(async (installation) => {
    const verified = await makeBackup(installation, "--verify");
    const { of } = readProofs(installation.backups);
    assertEquals(of(readSummary(verified)) === undefined, false);
    withDb(installation.database, (db) => db.exec("DELETE FROM contacts"));
    const plain = await makeBackup(installation);
    assertEquals(of(readSummary(plain)), undefined);
  });
});

Deno.test("a backup that fails to verify loses its proof, and status says so", async () => {
  await atBackup(async (installation, path) => {
    await runInProcess(installation, ["verify"]);
    edit(path, (text) => text.replace("Anna", "Emma"));
    const { code } = await runInProcess(installation, ["verify"]);
    assertEquals(code, 1);
    const [{ proved, failed }, words] = await told(installation);
    assertEquals([proved, failed?.length], [null, 20]);
    assertStringIncludes(words, "FAILED to verify just now");
  });
});

Deno.test("a backup that was edited and kept its checksum has no proof", async () => {
  await atBackup(async (installation, path) => {
    await runInProcess(installation, ["verify"]);
    const original = join(installation.root, "original.json");
    Deno.renameSync(path, original);
    const text = Deno.readTextFileSync(original);
    // The second one has the size of the original.
    for (const name of ["Johanna", "Emma"]) {
      writeLater(path, text.replace("Anna", name));
      assertEquals((await told(installation))[0].proved, null);
      // Nor does the edited one take it from the original.
      await runInProcess(installation, ["verify"]);
    }
    Deno.renameSync(original, path);
    assertEquals((await told(installation))[0].proved?.length, 20);
  });
});

/** Writes a file that is some minutes younger than all others. */
function writeLater(path: string, text: string): void {
  Deno.writeTextFileSync(path, text);
  const later = new Date(Date.now() + 300_000);
  Deno.utimeSync(path, later, later);
}

Deno.test("a damaged copy of a verified backup has no proof, and takes none away", async () => {
  await atBackup(async (installation, path) => {
    await runInProcess(installation, ["verify"]);
    const copy = join(installation.backups, "backup-2026-02-18.json");
    const text = Deno.readTextFileSync(path);
    writeLater(copy, text.replace("Anna", "Emma"));
    const states = async () => {
      const { out } = await runInProcess(installation, ["status", "--json"]);
      const backups: (Told & { name: string })[] = JSON.parse(out).backups;
      return backups.map(({ name, proved, failed }) => [
        name === basename(path),
        proved !== null,
        failed !== null,
      ]).sort();
    };
    const whole = [true, true, false];
    assertEquals(await states(), [[false, false, false], whole]);
    const { code } = await runInProcess(installation, ["verify", copy]);
    assertEquals(code, 1);
    assertEquals(await states(), [[false, false, true], whole]);
  });
});

Deno.test("a proof of a plain backup is one of the day that was packed of it", async () => {
  await atBackup((_installation, path) => {
    const folder = join(path, "..");
    const plain = readSummary(path);
    const { mtime: _, ...packed } = plain;
    const [first, second] = ["2026-02-19T12:00:00Z", "2026-02-20T12:00:00Z"]
      .map((moment) => new Date(moment));
    noteProof(folder, plain, second!, true);
    const other = { ...plain, mtime: new Date(0) };
    noteProof(folder, other, first!, true);
    assertEquals(readProofs(folder).of(packed), second);
    // One that has failed is another file, or was it before.
    noteProof(folder, plain, second!, false);
    assertEquals(readProofs(folder).of(packed), first);
    assertEquals(readProofs(folder).failureOf(packed), undefined);
    noteProof(folder, packed, second!, false);
    assertEquals(readProofs(folder).failureOf(packed), second);
    assertEquals(readProofs(folder).of(other), first);
  });
});

Deno.test("a backup that cannot be verified for another reason keeps its proof", async () => {
  await atBackup(async (installation, path) => {
    await runInProcess(installation, ["verify"]);
    const { openSync } = Deno;
    Deno.openSync = (...args) => {
      if (String(args[0]).endsWith(".tmp")) {
        throw new Error("No space left on device (os error 28)");
      }
      return openSync(...args);
    };
    try {
      const run = await runInProcess(installation, ["verify", path]);
      assertEquals(run.code, 1);
    } finally {
      Deno.openSync = openSync;
    }
    assertEquals((await told(installation))[0].proved?.length, 20);
  });
});

for (
  const [what, text] of [
    ["is cut short", '{"'],
    ["is a list", "[1, null]"],
    ["is null", "null"],
    ["has entries of another kind", '{"a": null, "b": 1, "__proto__": []}'],
    ["is empty", ""],
  ] as const
) {
  Deno.test(`a file of proofs that ${what} proves nothing, and is replaced`, async () => {
    await atBackup((installation, path) => {
      const { backups } = installation;
      Deno.writeTextFileSync(join(backups, PROOFS_NAME), text);
      const backup = readSummary(path);
      assertEquals(readProofs(backups).of(backup), undefined);
      const date = new Date("2026-02-19T12:00:00Z");
      assertEquals(noteProof(backups, backup, date, true), []);
      assertEquals(readProofs(backups).of(backup), date);
      assertEquals(readProofs(backups).failureOf(backup), undefined);
    });
  });
}

Deno.test("a proof that cannot be noted is a warning, and verify still succeeds", async () => {
  await atBackup(async (installation) => {
    Deno.mkdirSync(join(installation.backups, PROOFS_NAME));
    for (const args of [["verify"], ["export", "--verify"]]) {
      const { code, err } = await runInProcess(installation, args);
      assertEquals(code, 0);
      assertStringIncludes(
        err,
        "Warning: That it was verified could not be noted for status: ",
      );
    }
    assertEquals((await told(installation))[0].proved, null);
  });
});

Deno.test("what was noted of a backup that is gone is forgotten after a year", async () => {
  await atBackup((_installation, path) => {
    const folder = join(path, "..");
    const here = readSummary(path);
    const gone = ["a", "b", "c"].map((sha256) => ({ sha256, size: 1 }));
    const [old, young, current] = gone;
    const [then, now] = ["2025-02-19T12:00:00Z", "2026-02-19T12:00:01Z"]
      .map((moment) => new Date(moment));
    for (const backup of [here, old!, current!]) {
      noteProof(folder, backup, then!, true);
    }
    noteProof(folder, young!, now!, false);
    noteCurrent(folder, current!, now!);
    const file = join(folder, PROOFS_NAME);
    forgetProofs(folder, [here, ...gone], now!);
    assertEquals(
      Object.keys(JSON.parse(Deno.readTextFileSync(file))).length,
      4,
    );
    forgetProofs(folder, [here], now!);
    const proofs = readProofs(folder);
    assertEquals(proofs.of(here), then);
    assertEquals(proofs.of(old!), undefined);
    assertEquals(proofs.failureOf(young!), now);
    assertEquals([proofs.of(current!), proofs.currentAt(current!)], [
      then,
      now,
    ]);
  });
});

Deno.test("no other run works in the folder while a verification is noted", async () => {
  await atBackup(async (installation, path) => {
    using folder = Deno.openSync(installation.backups);
    const free: boolean[] = [];
    const now = () => {
      free.push(folder.tryLockSync(true));
      return new Date();
    };
    await verifyFile(installation, path, { ...session(), now });
    assertEquals(free, [false]);
  });
});
