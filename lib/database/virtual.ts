/**
 * Virtual tables: which module makes one, and where a full-text index has its text.
 *
 * @module
 */

/** A regular expression for white space and comments in SQL. */
const SPACE = "(?:\\s|--[^\\n]*\\n|/\\*[\\s\\S]*?\\*/)*";
/** A regular expression for a name in SQL, in any of its quotes or none. */
const NAME = `(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|\`(?:[^\`]|\`\`)*\`|` +
  "\\[[^\\]]*\\]|[\\w$\\u0080-\\uffff]+)";

const virtualTable = new RegExp(
  `^CREATE${SPACE}VIRTUAL${SPACE}TABLE${SPACE}${NAME}${SPACE}` +
    `USING${SPACE}(${NAME})`,
  "i",
);

/**
 * The module of a virtual table in lower case, empty where it cannot be told;
 * `undefined` for other tables.
 */
export function moduleOf(sql: string): string | undefined {
  if (!/^create\s+virtual\b/i.test(sql)) return undefined;
  const name = virtualTable.exec(sql)?.[1] ?? "";
  return name.replace(/^["'`[]|["'`\]]$/g, "").toLowerCase();
}

/** Whether a statement makes a full-text index. */
export function isFullText(sql: string): boolean {
  return ["fts3", "fts4", "fts5"].includes(moduleOf(sql) ?? "");
}

/**
 * The table from which a full-text index takes its text: empty where it keeps
 * none, `undefined` where it has its own.
 */
export function contentOf(sql: string): string | undefined {
  // To FTS3 it would be the name of a column.
  if (moduleOf(sql) === "fts3") return undefined;
  const found = contentOption.exec(sql);
  return found ? found[2] ?? found[3] ?? found[4] ?? "" : undefined;
}

const contentOption =
  /[(,]\s*content\s*=\s*(?:(['"`])(.*?)\1|\[([^\]]*)\]|([^,\s)]*))/i;

/** Whether a statement makes an index of boxes in space. */
export function isRTree(sql: string): boolean {
  return ["rtree", "rtree_i32"].includes(moduleOf(sql) ?? "");
}

/** The modules that come with SQLite and hold data. */
const storageModules = ["fts3", "fts4", "fts5", "rtree", "rtree_i32"];

/** Those that come with SQLite and show what other tables hold. */
const readOnlyModules = ["fts4aux", "fts5vocab", "dbstat"];

/** Whether a module comes with SQLite and holds data. */
export function isStorageModule(module: string): boolean {
  return storageModules.includes(module);
}

/** Whether a module comes with SQLite and only shows what other tables hold. */
export function isReadOnlyModule(module: string): boolean {
  return readOnlyModules.includes(module);
}
