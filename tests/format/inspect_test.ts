/**
 * Backups of every layout that a reader must take.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import { inspected, READ_SIZES, sha256, Trickle } from "../support/reader.ts";
import { layout, MEMBERS, whole } from "../support/backup_text.ts";

const TABLES = [{ name: "t", rows: 2 }, { name: "u", rows: 0 }];

/** The tables and the members that were found, whatever the size of reads. */
async function found(content: string | Uint8Array) {
  const all = await Promise.all(
    READ_SIZES.map((size) => inspected(new Trickle(content, size))),
  );
  for (const other of all) assertEquals(other, all[0]!);
  const { tables, members } = all[0]!;
  const spans = tables.map(({ name, rows }) => ({ name, rows }));
  return { spans, members };
}

/** All orders of a few things. */
function orders<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, i) =>
    orders(items.toSpliced(i, 1)).map((rest) => [item, ...rest])
  );
}

Deno.test("inspect() takes a whole backup", async () => {
  const { spans, members } = await found(await whole());
  assertEquals(spans, TABLES);
  assertEquals(members.backup_date, "2026-02-19T15:30:00Z");
  assertEquals(members.format_version, 1);
  assertEquals(members.database?.user_version, 2);
  assertEquals(members.schema?.map(({ name }) => name), ["t"]);
  assertEquals(members.sequences, new Map());
  assertEquals(members.counts, new Map([["t", 2n], ["u", 0n]]));
});

Deno.test("inspect() takes members in any order", async () => {
  const names = ["format_version", "tables", "counts", "schema"];
  for (const order of orders(names)) {
    const members = order.map((name) => [name, MEMBERS[name]!]);
    const text = layout(Object.fromEntries(members));
    const { tables } = await inspected(new Trickle(text, 7));
    assertEquals(tables.map(({ rows }) => rows), [2, 0]);
  }
});

Deno.test("inspect() takes files without the members that may be absent", async () => {
  const { tables, backup_date } = MEMBERS;
  const bare = await found(layout({ tables: tables! }));
  assertEquals(bare, { spans: TABLES, members: {} });
  const old = await found(
    layout({ backup_date: backup_date!, tables: tables! }),
  );
  assertEquals(old.members, { backup_date: "2026-02-19T15:30:00Z" });
  assertEquals((await found('{"tables":{}}')).spans, []);
});

Deno.test("inspect() takes any white space", async () => {
  const members = JSON.parse(layout(MEMBERS));
  const texts = [0, 1, 4, "\t"].map((indent) =>
    JSON.stringify(members, null, indent)
  );
  const pretty = JSON.stringify(members, null, 2);
  texts.push(pretty.replaceAll("\n", "\r\n"), pretty.replaceAll("\n", "\r"));
  texts.push(` \t\r\n${pretty}\n\n \t`);
  for (const text of texts) assertEquals((await found(text)).spans, TABLES);
});

Deno.test("inspect() takes a byte order mark, which the checksum counts", async () => {
  assertEquals((await found("\ufeff" + layout(MEMBERS))).spans, TABLES);
  const marked = layout({ ...MEMBERS }).replace("{", "\ufeff{");
  const before = marked.slice(0, -3) + ",\n";
  const sum = await sha256(before);
  const text = `${before}"sha256": "${sum}"\n}\n`;
  assertEquals((await found(text)).spans, TABLES);
});

Deno.test("inspect() takes a member of a later program in the old form", async () => {
  const { spans } = await found('{"made_by":"hand","tables":{"t":[{}]}}');
  assertEquals(spans, [{ name: "t", rows: 1 }]);
});

Deno.test("inspect() says where each table lies", async () => {
  const text = '{"tables": {"é":  [{"a":1}],\n"b": []}}';
  const { tables } = await inspected(new Trickle(text, 1));
  const bytes = new TextEncoder().encode(text);
  for (const { offset } of tables) assertEquals(bytes[offset], 0x5b);
  assertEquals(tables.map(({ offset }) => offset), [19, 35]);
});

Deno.test("inspect() stops where the checkpoint says so", async () => {
  const rows = Array(10_000).fill('{"a":1}').join(",");
  let calls = 0;
  const checkpoint = () => {
    calls++;
    return Promise.reject(new BackupError("stopped"));
  };
  const reader = new Trickle(`{"tables":{"t":[${rows}]}}`);
  const stop = () => inspected(reader, { checkpoint });
  await assertRejects(stop, BackupError, "stopped");
  assertEquals(calls, 1);
});
