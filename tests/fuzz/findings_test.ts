/**
 * Files that once came in otherwise than they should, and what must become of each.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { BackupError } from "../../lib/errors.ts";
import { importBackup } from "../../lib/import/import.ts";
import type { ImportOptions } from "../../lib/import/options.ts";
import { atInstallation, rowsIn, session } from "../support/scratch.ts";

const HERE = `
CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT NOT NULL,
  score REAL CHECK (score < 1e6));
INSERT INTO contacts VALUES (1, 'Ann', 1.5), (2, 'Bob', 2.5), (3, 'Only', 3.5);
`;
const FACTS = `
CREATE TABLE facts (id INTEGER PRIMARY KEY, data TEXT,
  a AS (json_extract(data, '$.a')));
CREATE INDEX facts_a ON facts (a);
INSERT INTO facts (id, data) VALUES (1, '{"a": 1}');
`;

function fixture(name: string): string {
  return fromFileUrl(new URL(`findings/${name}`, import.meta.url));
}

/** Imports a fixture; gives the outcome and the contacts that are there then. */
async function importing(name: string, options: ImportOptions) {
  let contacts: unknown[][] = [];
  let outcome: Awaited<ReturnType<typeof importBackup>> | undefined;
  await atInstallation(HERE, async (installation) => {
    const all = { snapshot: false, ...options };
    outcome = await importBackup(installation, fixture(name), all, session());
    contacts = rowsIn(installation.database, "SELECT id, name FROM contacts");
  });
  assert(outcome);
  return { outcome, contacts };
}

Deno.test("a row here counts as only here once the backup's row was left out", async () => {
  const { outcome, contacts } = await importing("refused-row.json", {
    skipInvalid: true,
  });
  assertEquals(contacts, [[1, "Anna"], [2, "Bob"], [3, "Only"]]);
  assertEquals(outcome.refused.map(({ row }) => row), [2]);
  const [{ rows, changed, localOnly }] = outcome.tables as [
    (typeof outcome.tables)[number],
  ];
  assertEquals({ rows, changed, localOnly }, {
    rows: 1,
    changed: 1,
    localOnly: 2,
  });
});

Deno.test("an exact import keeps a row here whose row in the backup is left out", async () => {
  const { contacts } = await importing("refused-row.json", {
    skipInvalid: true,
    exact: true,
  });
  assertEquals(contacts, [[1, "Anna"], [2, "Bob"]]);
});

Deno.test("a value that an index over it cannot take is a fault with a place", async () => {
  await atInstallation(FACTS, async (installation) => {
    const path = fixture("index-fails.json");
    await assertRejects(
      () => importBackup(installation, path, {}, session()),
      BackupError,
      'table "facts", row 1',
    );
  });
});

Deno.test("a file that has lost its version and its checksum is no old form", async () => {
  await assertRejects(
    () => importing("two-names-lost.json", {}),
    BackupError,
    "it was damaged or edited",
  );
});
