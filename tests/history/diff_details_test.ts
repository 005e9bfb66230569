/**
 * What `diff --details` says of rows.
 *
 * @module
 */
import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { main } from "../../lib/cli/main.ts";
import { afterChange, answers, details, says } from "./history.ts";

const made = `
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, company TEXT,
    notes TEXT, photo BLOB, score);
  INSERT INTO contacts VALUES (1, 'Sarah Chen', 'Acme', NULL, x'00', 3),
    (2, 'Tom', NULL, '', NULL, 3);
`;

/** What becomes of the rows if they are changed so. */
async function changeOf(sql: string): Promise<string[]> {
  let lines: string[] = [];
  await afterChange(made, sql, async (installation) => {
    lines = await details(installation);
  });
  return lines;
}

Deno.test("each row is named by its label and its key, with what became of it", async () => {
  const lines = await changeOf(`
    UPDATE contacts SET company = 'Globex' WHERE id = 1;
    DELETE FROM contacts WHERE id = 2;
    INSERT INTO contacts (id, name) VALUES (7, 'Ida')`);
  assertEquals(lines, [
    "  changed: Sarah Chen (contacts:1)",
    "    company: Acme → Globex",
    "  new: Ida (contacts:7)",
    "  gone: Tom (contacts:2)",
  ]);
});

Deno.test("NULL, an empty text, numbers and BLOBs are told apart", async () => {
  const lines = await changeOf(`
    UPDATE contacts SET company = '', notes = NULL, photo = zeroblob(2000),
      score = 3.0 WHERE id = 2;
    UPDATE contacts SET photo = x'01', score = '3' WHERE id = 1`);
  assertEquals(lines, [
    "  changed: Sarah Chen (contacts:1)",
    "    photo: BLOB, 1 byte → other bytes",
    "    score: 3 (INTEGER) → 3 (TEXT)",
    "  changed: Tom (contacts:2)",
    '    company: nothing → ""',
    '    notes: "" → nothing',
    "    photo: nothing → BLOB, 2.0 KB",
    "    score: 3 → 3.0",
  ]);
});

Deno.test("of a long text the place is shown where it has changed", async () => {
  const long = "word ".repeat(500);
  const start = `UPDATE contacts SET notes = '${long}Monday${long}'`;
  await afterChange(
    `${made} ${start}`,
    `UPDATE contacts SET notes = replace(notes, 'Mon', 'Fri') WHERE id = 1`,
    async (installation) => {
      const [, line] = await details(installation);
      assertEquals(
        line,
        `    notes: … word word word Monday${"word ".repeat(9)}wor… → ` +
          `… word word word Friday${"word ".repeat(9)}wor…`,
      );
    },
  );
});

Deno.test("a text is not cut in the middle of a character", async () => {
  const long = "😀".repeat(100);
  await afterChange(
    `${made} UPDATE contacts SET notes = '${long}'`,
    `UPDATE contacts SET notes = '${long.slice(0, 80)}x${long}' WHERE id = 1`,
    async (installation) => {
      const [, line] = await details(installation);
      assert(line!.isWellFormed(), line);
    },
  );
});

Deno.test("what may be a secret is never shown", async () => {
  const secret = `
    CREATE TABLE accounts (id INTEGER PRIMARY KEY, label TEXT, api_key TEXT,
      accessToken TEXT, password BLOB);
    INSERT INTO accounts VALUES (1, 'work', 'hush1', 'hush2', 'hush3');
    CREATE TABLE keys (key TEXT PRIMARY KEY, x);
    INSERT INTO keys VALUES ('hush4', 1);
    CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
    INSERT INTO soy_meta VALUES ('slack_token', 'hush5'), ('theme', 'dark')`;
  const changed = `
    UPDATE accounts SET api_key = 'HUSH', accessToken = NULL, password = 'HUSH';
    UPDATE keys SET x = 2; UPDATE soy_meta SET value = 'HUSH'`;
  await afterChange(secret, changed, async (installation) => {
    const out = await says(installation, "diff", "--details");
    const json = await says(installation, "diff", "--details", "--json");
    assertNotMatch(out.replace("theme)\n    value: dark → HUSH", ""), /hush/i);
    assertNotMatch(json.replace('"dark","after":"HUSH"', ""), /hush/i);
    assertEquals(await details(installation, "--tables", "accounts,keys"), [
      "  changed: work (accounts:1)",
      "    api_key: changed (not shown)",
      "    accessToken: changed (not shown)",
      "    password: changed (not shown)",
      "  changed: a row without a key",
      "    x: 1 → 2",
    ]);
  });
});

Deno.test("names and values reach a terminal without control characters", async () => {
  const hostile = `
    CREATE TABLE "t\x1b[31m" ("na\x07me" TEXT, id INTEGER PRIMARY KEY, title);
    INSERT INTO "t\x1b[31m" VALUES ('a', 1, 'x\x1b]0;owned\x07')`;
  const changed = `UPDATE "t\x1b[31m" SET "na\x07me" = 'b\x9b' || char(10, 13)`;
  await afterChange(hostile, changed, async (installation) => {
    const out = await says(installation, "diff", "--details");
    // deno-lint-ignore no-control-regex -- they are what is looked for
    assertNotMatch(out, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    assertEquals(out.split("\n").slice(-3), [
      "t\\u001b[31m",
      "  changed: x\\u001b]0;owned\\u0007 (t\\u001b[31m:1)",
      "    na\\u0007me: a → b\\u009b\\u000a\\u000d",
    ]);
  });
});

Deno.test("--json has every value as a backup has it, BLOBs by size", async () => {
  const sql = "UPDATE contacts SET company = 'x', photo = x'0102', " +
    "score = 9007199254740993 WHERE id = 1";
  await afterChange(made, sql, async (installation) => {
    const { tables } = await answers(installation, "diff", "--details");
    assertEquals(tables[0].rows, [{
      state: "changed",
      key: "1",
      label: "Sarah Chen",
      columns: [
        { name: "company", before: "Acme", after: "x" },
        { name: "photo", before: { bytes: 1 }, after: { bytes: 2 } },
        { name: "score", before: 3, after: 9007199254740992 },
      ],
    }]);
    const out = await says(installation, "diff", "--details", "--json");
    assert(out.includes('"after":9007199254740993'));
  });
});

Deno.test("--json writes the rows one by one, and once", async () => {
  const many = `CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    INSERT INTO t SELECT i, 'row ' || i FROM n;`;
  await afterChange(many, "UPDATE t SET name = 'x'", async ({ root }) => {
    const pieces: string[] = [];
    const code = await main({
      args: ["diff", "--details", "--json"],
      terminal: {
        out: (line) => pieces.push(line),
        outPieces: (all) => pieces.push(...all),
        err: () => {},
        bold: (text) => text,
      },
      root: () => root,
    });
    assertEquals(code, 0);
    assert(pieces.length > 5, String(pieces.length));
    const { ok, exit_code, tables: [{ rows }] } = JSON.parse(pieces.join(""));
    assertEquals([ok, exit_code, rows.length], [true, 0, 5000]);
    assertEquals(rows[4999].columns, [
      { name: "name", before: "row 5000", after: "x" },
    ]);
  });
});
