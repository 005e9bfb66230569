/**
 * What was edited after the backup stays, if that is asked for.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Installation } from "../../lib/store/installation.ts";
import { afterChange } from "../history/history.ts";
import { runInProcess } from "../support/in_process.ts";
import { rowsIn } from "../support/scratch.ts";

const made = `
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE,
    updated_at TEXT);
  INSERT INTO contacts VALUES (1, 'Anna', 'a@x', '2026-01-01 10:00:00'),
    (2, 'Bert', 'b@x', '2026-01-01 10:00:00'), (3, 'Carl', 'c@x', NULL),
    (4, 'Dora', 'd@x', '2026-01-01 10:00:00'), (5, 'Eva', 'e@x', NULL);
`;

const changed = `
  UPDATE contacts SET name = 'Anne', updated_at = '2026-01-01T10:00:01Z'
    WHERE id = 1;
  UPDATE contacts SET name = 'Bart', updated_at = '2026-01-01T10:00:00Z'
    WHERE id = 2;
  UPDATE contacts SET name = 'Carla', updated_at = '2999-01-01 00:00:00'
    WHERE id = 3;
  UPDATE contacts SET id = 40, updated_at = '2999-01-01 00:00:00' WHERE id = 4;
  UPDATE contacts SET name = 'Ewa', updated_at = '1999-01-01 00:00:00'
    WHERE id = 5;
`;

const names = ({ database }: Installation) =>
  rowsIn(database, "SELECT id, name FROM contacts ORDER BY id");

Deno.test("import --keep-newer leaves alone what was edited after the backup", async () => {
  await afterChange(made, changed, async (installation) => {
    const args = ["import", "latest", "--keep-newer"];
    const preview = await runInProcess(installation, [...args, "--dry-run"]);
    const stay = "3 contacts edited since the backup would stay as they are: " +
      "Anne; Carla; Dora.";
    assertStringIncludes(preview.out, stay);
    const { code, out } = await runInProcess(installation, [...args, "--json"]);
    assertEquals(code, 0);
    const [{ rows, changed, added, replaced, newer_here, kept_newer }] = JSON
      .parse(out).tables;
    assertEquals([rows, changed, added, replaced], [2, 2, 0, 0]);
    assertEquals([newer_here, kept_newer], [0, 3]);
    assertEquals(names(installation), [
      [1, "Anne"],
      [2, "Bert"],
      [3, "Carla"],
      [5, "Eva"],
      [40, "Dora"],
    ]);
  });
});

Deno.test("import --keep-newer says if nothing is left to do", async () => {
  const edited = "UPDATE contacts SET name = 'Anne', " +
    "updated_at = '2027-01-01 00:00:00' WHERE id = 1";
  await afterChange(made, edited, async (installation) => {
    const args = ["import", "latest", "--keep-newer"];
    const { out } = await runInProcess(installation, args);
    assertStringIncludes(
      out,
      "Nothing changed, apart from the rows that stay as they are.\n" +
        "1 contact edited since the backup stays as it is: Anne.",
    );
  });
});

Deno.test("import --keep-newer excludes --exact and --replace", async () => {
  await afterChange(made, "", async (installation) => {
    for (const other of ["--exact", "--replace"]) {
      const args = ["import", "latest", "--keep-newer", other];
      assertEquals((await runInProcess(installation, args)).code, 2);
    }
  });
});
