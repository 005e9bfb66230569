/**
 * What `force` takes, a file that a person has edited, and what it does not.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import { inspected, Trickle } from "../support/reader.ts";
import { layout, MEMBERS, whole } from "../support/backup_text.ts";

const read = (content: string | Uint8Array, force: boolean) =>
  inspected(new Trickle(content), { force });

/** Edits of a whole backup that leave it well formed. */
const EDITS: Record<string, (text: string) => string> = {
  "a changed value": (text) => text.replace("é 👋", "e"),
  "a row taken out": (text) => text.replace('{"id":1,"x":"é 👋"},\n', ""),
  "a row put in": (text) => text.replace('"u": []', '"u": [{"a":1}]'),
  "a table taken out": (text) => text.replace(',\n"u": []', ""),
  "a table put in": (text) => text.replace('"u": []', '"u": [], "v": []'),
  "a member put in": (text) => text.replace("{\n", '{\n"why": "me",\n'),
  "the counts taken out": (text) => text.replace(/"counts": .*\n/, ""),
  "another layout": (text) => JSON.stringify(JSON.parse(text), null, 2),
  "other line ends": (text) => text.replaceAll("\n", "\r\n"),
};

for (const [name, edit] of Object.entries(EDITS)) {
  Deno.test(`inspect() takes ${name} with force and only then`, async () => {
    const edited = edit(await whole());
    const refused = () => read(edited, false);
    await assertRejects(refused, BackupError, "use --force");
    const { tables } = await read(edited, true);
    const found = tables.map(({ name, rows }) => [name, rows]);
    const wanted = Object.entries<unknown[]>(JSON.parse(edited).tables)
      .map(([name, rows]) => [name, rows.length]);
    assertEquals(found, wanted);
  });
}

const MALFORMED: Record<string, [string | Uint8Array, string]> = {
  "an empty file": ["", "the file is empty"],
  "a cut file": [layout(MEMBERS).slice(0, 300), "the file ends too early"],
  "text after the end": [layout(MEMBERS) + "!", "more after the closing"],
  "a comma too many": ['{"tables": {"t": [{"a":1,}]}}', 'no """ where'],
  "a row that is no object": ['{"tables": {"t": [7]}}', "a row that is no"],
  "a table twice": ['{"tables": {"t": [], "T": []}}', 'second table "T"'],
  "a file without tables": ["{}", 'it has no member "tables"'],
  "a wrong date": ['{"backup_date": 7, "tables": {}}', "an invalid date"],
  "a newer format": ['{"format_version": 2, "tables": {}}', "update backup.ts"],
  "counts of no numbers": [
    '{"counts": {"t": "2"}, "tables": {}}',
    "a wrong value",
  ],
  "what is not UTF-8": [
    Uint8Array.from('{"tables": {"\xe9": []}}', (c) => c.charCodeAt(0)),
    "it is not valid UTF-8",
  ],
};

for (const [name, [content, message]] of Object.entries(MALFORMED)) {
  Deno.test(`inspect() refuses ${name} with force, too`, async () => {
    await assertRejects(() => read(content, true), BackupError, message);
    await assertRejects(() => read(content, false), BackupError, message);
  });
}
