/**
 * Values that a person would not want on a screen: passwords, tokens, keys of services.
 * They are told apart by name, since nothing else tells.
 *
 * @module
 */
import { foldName } from "../database/sql.ts";
import { SETTING_TABLES } from "../soy/meta.ts";

/** Words, and pairs of them, that the name of a secret has. */
const secrets =
  /\b(pass(word|wd|phrase|code)?s?|pwd|secrets?|tokens?|credentials?|cookies?|t?otp|pin|cvv|(api|access|private|signing|encryption|license|recovery|client|auth|session) ?(keys?|codes?)|apikeys?|bearer|seed phrase)\b/;

/** Names of columns that name what another column has the value of. */
const nameColumns = ["key", "name", "setting"];

/** Whether a name, as of a column or a setting, says that it holds a secret. */
export function isSecretName(name: string): boolean {
  const words = name.replace(/([a-z\d])([A-Z])/g, "$1 $2").toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ");
  return secrets.test(words);
}

/** Whether a column's values may be secrets. */
export function isSecretColumn(table: string, column: string): boolean {
  // In a table that is not known, a column of that name may hold a password.
  const isUnknownKey = foldName(column) === "key" &&
    !SETTING_TABLES.includes(foldName(table));
  return isUnknownKey || isSecretName(column);
}

/** Which cells of a table's rows may be secrets. */
export class SecretCells {
  #always: ReadonlySet<number>;
  #name: number;
  #value: number;

  /**
   * @param table The name of the table.
   * @param columns The names of its columns, in the order of the cells.
   */
  constructor(table: string, columns: readonly string[]) {
    const folded = columns.map(foldName);
    this.#always = new Set(
      columns.keys().filter((i) => isSecretColumn(table, columns[i]!)),
    );
    this.#name = folded.findIndex((name) => nameColumns.includes(name));
    this.#value = folded.indexOf("value");
  }

  /**
   * Whether the cell of a row may be a secret.
   *
   * @param i The index of the column.
   * @param textOf Gives the text of another cell of the row.
   */
  has(i: number, textOf: (i: number) => string): boolean {
    if (this.#always.has(i)) return true;
    // A setting such as "slack_token" says in its key what its value is.
    return i === this.#value && this.#name >= 0 &&
      isSecretName(textOf(this.#name));
  }
}
