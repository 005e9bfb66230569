/**
 * What is compared: each job as this tool does it and as its peers do.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import type { CommandWords } from "./measure.ts";
import { type BenchTable, removed, type Workshop } from "./workshop.ts";

/** One way to do a job. */
export interface Way {
  name: string;
  /** The program that it needs. */
  program: string;
  /** Makes the state from which it starts; not measured. */
  prepare?: () => void;
  commands: CommandWords[];
}

/** A job and the ways to do it, this tool's first. */
export interface Job {
  title: string;
  ways: Way[];
}

const project = fromFileUrl(new URL("../..", import.meta.url));

function tool(root: string, ...args: string[]): CommandWords {
  const config = ["--config", join(project, "deno.json")];
  const entry = join(project, "backup.ts");
  const words = ["run", "--no-prompt", "-A", ...config, entry, ...args];
  return [Deno.execPath(), ...words, "--quiet", "--root", root];
}

function sqlite(database: string, ...lines: string[]): CommandWords {
  return ["sqlite3", "-bail", database, ...lines];
}

/** The jobs over the files of a workshop. */
export function jobsIn(shop: Workshop): Job[] {
  return [exporting(shop), intoNothing(shop), unchanged(shop)];
}

function exporting(shop: Workshop): Job {
  const { database, scratch, tables } = shop;
  const selects = tables.map(({ name }) => `SELECT * FROM "${name}";`);
  const prepare = () => removed(scratch);
  const peer = (name: string, ...lines: string[]): Way => ({
    name,
    program: "sqlite3",
    prepare,
    commands: [sqlite(database, ...lines)],
  });
  return {
    title: "Export",
    ways: [
      {
        name: "backup.ts export",
        program: "",
        commands: [tool(shop.root, "export")],
      },
      peer("sqlite3 -json", ".mode json", `.output ${scratch}`, ...selects),
      peer("sqlite3 .dump", `.output ${scratch}`, ".dump"),
      peer("sqlite3 .backup", `.backup ${scratch}`),
      peer("VACUUM INTO", `VACUUM INTO '${scratch}'`),
    ],
  };
}

function intoNothing(shop: Workshop): Job {
  const { scratch, dump, backup, emptyRoot, emptyDatabase } = shop;
  return {
    title: "Import into nothing",
    ways: [
      {
        name: "backup.ts import",
        program: "",
        prepare: () => removed(emptyDatabase),
        commands: [tool(emptyRoot, "import", backup)],
      },
      {
        name: "sqlite3 < dump.sql",
        program: "sqlite3",
        prepare: () => removed(scratch),
        commands: [sqlite(scratch, `.read ${dump}`)],
      },
    ],
  };
}

function unchanged(shop: Workshop): Job {
  const { database, backup, root, tables } = shop;
  return {
    title: "Import of unchanged rows",
    ways: [
      {
        name: "backup.ts import",
        program: "",
        commands: [tool(root, "import", backup)],
      },
      {
        name: "the same, no snapshot",
        program: "",
        commands: [tool(root, "import", backup, "--no-snapshot")],
      },
      {
        name: "sqlite-utils --replace",
        program: "sqlite-utils",
        commands: tables.flatMap((table) => replacing(database, table)),
      },
    ],
  };
}

function replacing(database: string, table: BenchTable): CommandWords[] {
  const { name, key, rows } = table;
  if (key.length === 0) return [];
  const keys = key.flatMap((column) => ["--pk", column]);
  return [
    ["sqlite-utils", "insert", database, name, rows, "--replace", ...keys],
  ];
}
