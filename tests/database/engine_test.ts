/**
 * What an engine says it can do, beside what SQLite does.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { assertEquals, assertThrows } from "@std/assert";
import { scalar } from "../../lib/database/connection.ts";
import { engineOf, withinLength } from "../../lib/database/engine.ts";
import { faultOf } from "../../lib/faults.ts";
import { OVER_FFI } from "../support/process.ts";
import { atSample, tool } from "../support/installation.ts";
import { withDb } from "../support/scratch.ts";

const long = "SELECT length(hex(zeroblob(5000)))";

function runs(db: Database, sql: string): boolean {
  try {
    db.exec(sql);
    return true;
  } catch {
    return false;
  }
}

Deno.test("withinLength() lets shorter values pass, and limits no later ones", () => {
  withDb(":memory:", (db) => {
    assertEquals(withinLength(db, 11_000, () => scalar(db, long)), 10_000);
    const fail = () =>
      withinLength(db, 9000, () => {
        throw new Error("a fault of the step");
      });
    assertThrows(fail, Error, "a fault of the step");
    assertEquals(scalar(db, long), 10_000);
  });
});

Deno.test("withinLength() stops a longer value exactly if the engine is said to", () => {
  withDb(":memory:", (db) => {
    let stopped = false;
    try {
      withinLength(db, 9000, () => scalar(db, long));
    } catch (error) {
      stopped = /string or blob too big/.test(String(error));
    }
    assertEquals(stopped, engineOf(db).lengthLimit);
    assertEquals(scalar(db, long), 10_000);
  });
});

Deno.test("engineOf() says what this SQLite does", () => {
  withDb(":memory:", (db) => {
    const { exactReals, octetLength, jsonbEach } = engineOf(db);
    const version = scalar(db, "SELECT sqlite_version()") as string;
    const [major, minor] = version.split(".").map(Number) as [number, number];
    const since = (release: number) => major > 3 || minor >= release;
    // By the release notes: octet_length() came with 3.43, jsonb_each() with 3.51.
    assertEquals(octetLength, since(43));
    assertEquals(jsonbEach, runs(db, "SELECT 1 FROM jsonb_each('[]')"));
    const json = scalar(db, "SELECT json_quote(0.1 + 0.2)");
    assertEquals(exactReals && Number(json) !== 0.1 + 0.2, false);
    assertEquals(exactReals, since(53));
  });
});

/** What to do about it. */
const noLibrary = "the SQLite library cannot be loaded; " +
  "set the variable DENO_SQLITE_PATH to the path of one";

Deno.test("a library that cannot be loaded is a fault with a way out", () => {
  const error = new Error("Failed to load SQLite3 Dynamic Library");
  assertEquals(faultOf(error), noLibrary);
});

Deno.test({
  name: "without its library a command says one line",
  // The built-in engine needs none.
  ignore: !OVER_FFI,
  fn: async () => {
    await atSample(async (installation) => {
      const env = { DENO_SQLITE_PATH: "/no/such/library" };
      const run = await tool(installation, ["status"], { env });
      const err = `Error: Cannot finish status: ${noLibrary}\n`;
      assertEquals(run, { code: 1, out: "", err });
    });
  },
});
