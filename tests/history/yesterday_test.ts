/**
 * Lines that are the same as in the backup before are not searched again, and what is
 * found stays the same.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Random } from "../../lib/demo/random.ts";
import { version1 } from "../../lib/format/version1.ts";
import { LineScan } from "../../lib/history/search/line_scan.ts";
import { Yesterday } from "../../lib/history/search/yesterday.ts";

/** Some more with an environment variable. */
const histories = Number(Deno.env.get("BACKUP_TEST_CASES") ?? 400) / 20;

type Tables = Map<string, string[]>;

const rowOf = (id: number, text: string) =>
  JSON.stringify({ id, text: text + (id % 3 === 0 ? " Sarah" : "") });

function madeDay(random: Random): Tables {
  const rows = Array.from(
    { length: 400 },
    (_, id) => rowOf(id, "x".repeat(Math.floor(random.next() * 80))),
  );
  // Two tables with the same rows: what one has is not what the other has.
  return new Map([["a", rows], ["b", [...rows]], ["c", []]]);
}

/** Another day: rows are changed, gone, new, or in another order. */
function dayAfter(tables: Tables, random: Random): Tables {
  const pick = (length: number) => Math.floor(random.next() * length);
  const next: [string, string[]][] = [...tables].map(([name, rows]) => {
    const all = [...rows];
    for (let change = pick(4); change > 0; change--) {
      const at = pick(all.length + 1);
      const id = pick(1000);
      const longs = [10, 300, 6_000, 100_000];
      const row = rowOf(id, "y".repeat(pick(longs[pick(longs.length)]!)));
      all.splice(at, pick(3), ...(pick(3) ? [row] : []));
    }
    if (pick(8) === 0) all.push(...all.splice(0, pick(all.length)));
    return [name, all];
  });
  if (pick(6) === 0) next.reverse();
  return new Map(next);
}

function textOf(tables: Tables, schema: string): string {
  const members = [...tables].map(([name, rows], i) =>
    version1.tableStart(name, i === 0) +
    (rows.length > 0 ? `[\n${rows.join(",\n")}\n]` : "[]")
  );
  const database = {
    user_version: 0,
    application_id: 0,
    encoding: "UTF-8",
    sqlite_version: "3.53.2",
  };
  const head = version1.head({
    date: "2026-02-19T15:30:00Z",
    database,
    schema: [{ type: "table", name: "a", table: "a", sql: schema }],
    sequences: [],
  });
  return head + members.join("") + version1.tail([]) +
    version1.checksumLine("0");
}

/** What a scan finds, and how many lines had to be taken apart. */
function found(text: string, random: Random, yesterday: Yesterday<string>) {
  const lines: string[] = [];
  let taken = 0;
  const bytes = new TextEncoder().encode(text);
  const scan = new LineScan<string>(
    () => ({
      patternFor: () => /sarah/gi,
      take(table, line) {
        taken++;
        lines.push(`${table} ${line}`);
        return `${table} ${line}`;
      },
      again: (known) => lines.push(known),
      end: () => {},
    }),
    yesterday,
    bytes.length,
  );
  for (let at = 0; at < bytes.length;) {
    const size = 1 + Math.floor(random.next() * 50_000);
    scan.push(bytes.subarray(at, at += size));
  }
  scan.end();
  return { lines, taken };
}

function expected(tables: Tables): string[] {
  return [...tables].flatMap(([name, rows]) =>
    rows.filter((row) => row.includes("Sarah")).map((row) => `${name} ${row}`)
  );
}

Deno.test("what is found is the same, whatever the backup before was", () => {
  for (let history = 0; history < histories; history++) {
    const random = new Random(history, "yesterday");
    const yesterday = new Yesterday<string>();
    let tables = madeDay(random);
    for (let day = 0; day < 8; day++) {
      const { lines } = found(textOf(tables, "CREATE"), random, yesterday);
      assertEquals(lines, expected(tables), `history ${history}, day ${day}`);
      tables = dayAfter(tables, random);
    }
  }
});

Deno.test("lines that are the same are not taken apart again", () => {
  const random = new Random(1, "same");
  const yesterday = new Yesterday<string>();
  const tables = madeDay(random);
  const first = found(textOf(tables, "CREATE"), random, yesterday);
  assertEquals(first.taken, expected(tables).length);
  assertEquals(found(textOf(tables, "CREATE"), random, yesterday).taken, 0);
  tables.get("b")!.splice(200, 1, rowOf(999, "another length"));
  const { taken } = found(textOf(tables, "CREATE"), random, yesterday);
  assert(taken > 0 && taken < 100, String(taken));
});

Deno.test("other definitions of the tables let nothing be known", () => {
  const random = new Random(1, "definitions");
  const yesterday = new Yesterday<string>();
  const tables = madeDay(random);
  found(textOf(tables, "CREATE"), random, yesterday);
  const { lines, taken } = found(textOf(tables, "OTHER"), random, yesterday);
  assertEquals([lines, taken], [expected(tables), lines.length]);
});

Deno.test("a backup that breaks off is not what the next one is compared with", () => {
  const random = new Random(1, "broken");
  const yesterday = new Yesterday<string>();
  const tables = madeDay(random);
  found(textOf(tables, "CREATE"), random, yesterday);
  yesterday.begin("broken", 100);
  const { lines } = found(textOf(tables, "CREATE"), random, yesterday);
  assertEquals(lines, expected(tables));
});
