/**
 * Values that the local table holds otherwise than the backup has them: its columns
 * have other types, or it computes what the backup has stored.
 *
 * What SQLite makes of a value is not worked out here but tried, in a table of the same
 * definition in memory (`scratch_table.ts`), and that only if its column may alter it:
 * batches without such a value stay batches. No row of an ordinary backup is in
 * question: its tables are defined as the local ones.
 *
 * @module
 */
import { sameBytes } from "../../bytes.ts";
import { mayAlter, mayAlterSql } from "../../database/affinity.ts";
import type { CellValue, Kind, RawRow, Row } from "../../database/cells.ts";
import type { Column, Table } from "../../database/schema.ts";
import { balanced, foldName } from "../../database/sql.ts";
import { SecretCells } from "../../record/secret.ts";
import { shownValue } from "../../record/value.ts";
import { printable } from "../../text.ts";
import type { PlannedTable } from "../plan.ts";
import type { AlteredValues } from "../report.ts";
import type { MappedRow } from "./columns.ts";
import { type LoadContext, type Loaded, loadRows } from "./loader.ts";
import { definedColumns, ScratchTable } from "./scratch_table.ts";
import type { RowTarget, RowWatch } from "./target.ts";

/** What loading a table came to. */
export interface LoadedExactly extends Loaded {
  /** Values that the table holds otherwise. */
  altered: AlteredValues[];
}

/**
 * Hands every row of a table to a target, and finds the values that the table alters.
 *
 * @throws {BackupError} as {@linkcode loadRows} does.
 */
export async function loadExactly(
  context: LoadContext,
  planned: PlannedTable,
  target: RowTarget,
): Promise<LoadedExactly> {
  const watch = AlterationWatch.for(context, planned);
  try {
    const loaded = await loadRows(context, planned, target, watch);
    return { ...loaded, altered: watch?.altered ?? [] };
  } finally {
    watch?.close();
  }
}

/** Watches the rows of one table. */
class AlterationWatch implements RowWatch {
  #altered = new Map<string, AlteredValues>();
  #scratch: ScratchTable | undefined;

  private constructor(
    readonly table: Table,
    readonly encoding: string,
    /** Indexes of the columns that may alter values. */
    readonly columns: readonly number[],
    /** Whether numbers are no more than numbers: INTEGER and REAL are not told apart. */
    readonly isUntyped: boolean,
  ) {}

  /**
   * A watch for a table.
   *
   * @returns `undefined` if it holds whatever the backup's table held.
   */
  static for(
    { backup, encoding }: LoadContext,
    { table }: PlannedTable,
  ): AlterationWatch | undefined {
    if (table.kind === "virtual") return undefined;
    const theirs = backup.members.schema?.find(({ type, name }) =>
      type === "table" && foldName(name) === foldName(table.name)
    );
    if (backup.intact && theirs?.sql === table.sql) return undefined;
    const known = backup.intact && theirs ? definedColumns(theirs) : [];
    const isSame = ({ name, affinity }: Column) =>
      affinity === "BLOB" ||
      known.some((other) =>
        foldName(other.name) === foldName(name) && other.affinity === affinity
      );
    const columns = table.columns.flatMap((one, i) => isSame(one) ? [] : [i]);
    if (columns.length + table.generated.length === 0) return undefined;
    return new AlterationWatch(table, encoding, columns, theirs === undefined);
  }

  questionSql(
    columns: readonly string[],
    cells: readonly string[],
  ): string | undefined {
    if (this.#computed(columns).length > 0) return undefined;
    const terms = this.columns.map((i) => {
      const { affinity } = this.table.columns[i]!;
      return mayAlterSql(affinity, cells[i]!, this.isUntyped);
    });
    return terms.length > 0 ? balanced(terms, "OR") : "0";
  }

  /** The values that did not come back, by column. */
  get altered(): AlteredValues[] {
    return [...this.#altered.values()];
  }

  /** Compares a row with what the table makes of it. */
  check(n: number, row: Row, mapped: MappedRow): void {
    const asked = this.columns.filter((i) => this.#isInQuestion(mapped, i))
      .map((i) => this.table.columns[i]!.name);
    const computed = this.#computed(row.columns);
    if (asked.length + computed.length === 0) return;
    this.#scratch ??= new ScratchTable(this.table, this.encoding);
    const names = this.#scratch.computes ? [...asked, ...computed] : asked;
    const stored = this.#scratch.store(n, mapped, names);
    if (!stored) return;
    for (const [i, name] of names.entries()) {
      const at = row.columns.findIndex((column) => isName(column, name));
      const [was, is] = [cellOf(row, at), cellOf(stored, i)];
      if (!this.#isSame(was, is)) this.#note(n, row, at, was, is);
    }
  }

  /** Frees the table in memory. */
  close(): void {
    this.#scratch?.close();
  }

  // Those of a row that the local table computes.
  #computed(columns: readonly string[]): string[] {
    const { generated } = this.table;
    return columns.filter((name) => generated.some((one) => isName(one, name)));
  }

  #isInQuestion({ kinds, values, mask }: MappedRow, i: number): boolean {
    const { affinity } = this.table.columns[i]!;
    return mask[i] === "1" && mayAlter(affinity, kinds[i]!, values[i]!);
  }

  #isSame(was: Cell, is: Cell): boolean {
    // A BigInt equals a double of the same value, and no other.
    if (this.isUntyped && isNumber(was) && isNumber(is)) {
      return was.value == is.value;
    }
    if (was.value instanceof Uint8Array && is.value instanceof Uint8Array) {
      return isText(was) === isText(is) && sameBytes(was.value, is.value);
    }
    return was.kind === is.kind && Object.is(was.value, is.value);
  }

  #note(n: number, row: Row, at: number, was: Cell, is: Cell): void {
    const column = row.columns[at]!;
    const noted = this.#altered.get(foldName(column));
    if (noted) {
      noted.count++;
      return;
    }
    const secrets = new SecretCells(this.table.name, row.columns);
    const textOf = (i: number) => shownValue(row.kinds[i]!, row.values[i]!);
    const [from, to] = [was, is].map(({ kind, value }) =>
      shownValue(kind, value)
    );
    this.#altered.set(foldName(column), {
      table: this.table.name,
      column,
      count: 1,
      reason: this.#reason(column),
      row: n,
      example: secrets.has(at, textOf) ? undefined : { was: from!, is: to! },
    });
  }

  #reason(column: string): string {
    const local = this.table.columns.find(({ name }) => isName(name, column));
    if (!local) return "the local column is computed";
    return `the local column has ${
      local.type ? `type ${printable(local.type)}` : "no type"
    }`;
  }
}

/** One value. */
interface Cell {
  kind: Kind;
  value: CellValue;
}

function cellOf({ kinds, values }: Row | RawRow, i: number): Cell {
  return { kind: kinds[i]!, value: values[i]! };
}

function isNumber({ kind }: Cell): boolean {
  return kind === "i" || kind === "r";
}

function isText({ kind }: Cell): boolean {
  return kind === "t" || kind === "x";
}

function isName(one: string, other: string): boolean {
  return foldName(one) === foldName(other);
}
