/**
 * What is compared: each job as this tool does it and as its peers do.
 *
 * @module
 */
import type { CommandWords } from "./measure.ts";
import { deno } from "./tool.ts";
import {
  type BenchTable,
  emptied,
  removed,
  type Workshop,
} from "./workshop.ts";

/** One way to do a job. */
export interface Way {
  name: string;
  /** Runs if what the way needs is there; without it nothing is needed. */
  probe?: CommandWords;
  /** Makes the state from which it starts; not measured. */
  prepare?: (() => void) | undefined;
  command: CommandWords;
}

/** A job and the ways to do it; the others are compared with the first. */
export interface Job {
  title: string;
  ways: Way[];
}

const sqlite3: CommandWords = ["sqlite3", "--version"];
const sqliteUtils: CommandWords = ["sqlite-utils", "--version"];

/** The jobs over the files of a workshop. */
export function jobsIn(shop: Workshop): Job[] {
  const jobs = [exporting, intoNothing, unchanged, looking];
  return jobs.map((job) => job(shop));
}

function ownWays(
  { tool, root }: Workshop,
  name: string,
  args: string[],
  prepare?: () => void,
): Way[] {
  const rest = [...args, "--quiet", "--root", root];
  return [
    { name, prepare, command: [...tool.bundle, ...rest] },
    {
      name: `${name}, over FFI`,
      probe: [...tool.ffi, "--version"],
      prepare,
      command: [...tool.ffi, ...rest],
    },
  ];
}

function exporting(shop: Workshop): Job {
  const { database, output, scratch, tables } = shop;
  const peer = (name: string, ...lines: string[]): Way => ({
    name,
    probe: sqlite3,
    prepare: () => removed(scratch),
    command: ["sqlite3", "-bail", database, ...lines],
  });
  const select = (name: string) =>
    `sqlite3 -json '${database}' 'SELECT * FROM "${name}"'`;
  const rows = (name: string) => `sqlite-utils rows '${database}' '${name}'`;
  return {
    title: "Export",
    ways: [
      ...ownWays(shop, "backup.ts export", ["export"], () => emptied(output)),
      {
        name: "sqlite3 -json, table by table",
        probe: sqlite3,
        command: forEach(tables, ({ name }) => `${select(name)} >'${scratch}'`),
      },
      {
        name: "sqlite-utils rows, table by table",
        probe: sqliteUtils,
        command: forEach(tables, ({ name }) => `${rows(name)} >'${scratch}'`),
      },
      peer("sqlite3 .dump", `.output ${scratch}`, ".dump"),
      peer("sqlite3 .backup", `.backup ${scratch}`),
      peer("VACUUM INTO", `VACUUM INTO '${scratch}'`),
    ],
  };
}

function intoNothing(shop: Workshop): Job {
  const { scratch, dump, backup, emptyRoot, emptyDatabase, tables } = shop;
  const nowhere = { ...shop, root: emptyRoot };
  const args = ["import", backup];
  return {
    title: "Import into nothing",
    ways: [
      ...ownWays(
        nowhere,
        "backup.ts import",
        args,
        () => removed(emptyDatabase),
      ),
      {
        name: "sqlite3 < dump.sql",
        probe: sqlite3,
        prepare: () => removed(scratch),
        command: ["sqlite3", "-bail", scratch, `.read ${dump}`],
      },
      {
        name: "sqlite-utils insert --replace",
        probe: sqliteUtils,
        prepare: () => removed(scratch),
        command: forEach(tables, (table) => replacing(scratch, table)),
      },
    ],
  };
}

function unchanged(shop: Workshop): Job {
  const { database, backup, tables } = shop;
  const args = ["import", backup];
  const [bare] = ownWays(shop, "the same, --no-snapshot", [
    ...args,
    "--no-snapshot",
  ]);
  return {
    title: "Import, all rows unchanged",
    ways: [
      ...ownWays(shop, "backup.ts import", args),
      bare!,
      {
        name: "sqlite-utils insert --replace",
        probe: sqliteUtils,
        command: forEach(tables, (table) => replacing(database, table)),
      },
    ],
  };
}

function looking(shop: Workshop): Job {
  const { backup } = shop;
  return {
    title: "Looking without touching",
    ways: [
      ...ownWays(shop, "backup.ts import --dry-run", [
        "import",
        backup,
        "--dry-run",
      ]),
      { name: "backup.ts verify", command: verifying(shop) },
    ],
  };
}

function verifying({ tool, root, backup }: Workshop): CommandWords {
  return [...tool.bundle, "verify", backup, "--root", root];
}

/** The start alone, beside a script that does next to nothing. */
export function starting({ tool, root, script }: Workshop): Job {
  return {
    title: "Start",
    ways: [
      { name: "an empty script", command: deno(script) },
      { name: "backup.ts --help", command: [...tool.bundle, "--help"] },
      {
        name: "backup.ts status",
        command: [...tool.bundle, "status", "--root", root],
      },
    ],
  };
}

function forEach(
  tables: BenchTable[],
  line: (table: BenchTable) => string,
): CommandWords {
  return ["sh", "-ec", tables.map(line).join("\n")];
}

function replacing(database: string, table: BenchTable): string {
  const { name, key, rows } = table;
  if (key.length === 0 || table.empty) return ":";
  const keys = key.map((column) => `--pk '${column}'`).join(" ");
  return `sqlite-utils insert '${database}' '${name}' '${rows}' --replace ${keys}`;
}
