/**
 * Every moment that there is, one after the other: the database, the backups, plain,
 * packed or encrypted, and the application's copies.
 *
 * @module
 */
import { join } from "@std/path";
import { openForReading, retryLocked } from "../../database/connection.ts";
import { schemaEntries, type SchemaObject } from "../../database/schema.ts";
import { foldName } from "../../database/sql.ts";
import { BackupError, EXIT } from "../../errors.ts";
import { withContext } from "../../faults.ts";
import type { BackupFile } from "../../format/backup_file.ts";
import { rowJson } from "../../format/row_json.ts";
import { TableRows } from "../../format/table_rows.ts";
import { ROW_SEPARATOR } from "../../format/version1.ts";
import { isDamage, readPack } from "../../pack/pack.ts";
import { streamAll } from "../../pack/unpack.ts";
import type { Bytes } from "../../pack/zstd.ts";
import { openSource, withDecrypted } from "../../source/open.ts";
import {
  type BackupEntry,
  type Catalog,
  listBackups,
} from "../../store/catalog.ts";
import { copyFault, listCopies, momentOfCopy } from "../../store/copies.ts";
import { hasDatabase } from "../../store/installation.ts";
import { isBackupName, plainName } from "../../store/names.ts";
import { isPackName } from "../../store/pack_index.ts";
import { printable } from "../../text.ts";
import { type Place, readableTables } from "../moment.ts";
import { LineScan, type LineTaker } from "./line_scan.ts";

/** A moment that was looked at. */
export interface Seen {
  /** What it is called: the name of the backup, or `the database`. */
  name: string;
  /** When it was; `undefined`: now. */
  date: Date | undefined;
}

/** Looks at moments. */
export interface Visitor {
  /** Gives what looks at the rows of a moment, whose definitions are told. */
  enter(seen: Seen, schema: SchemaObject[]): LineTaker;
  /** Whether it has seen enough, so that no other moment is looked at. */
  isDone(): boolean;
}

/** How much of a file is read at once, in bytes. */
const readSize = 1 << 18;

/** Shows every moment to a visitor: now first, then backups, the newest first. */
export class Archive {
  /** What could not be looked at, each a line. */
  readonly leftOut = new Set<string>();
  #catalog: Catalog | undefined;
  #done = 0;
  #total = 0;

  constructor(readonly place: Place) {}

  /**
   * Shows the moments.
   *
   * @throws {BackupError} if the folder of the backups can't be read.
   */
  async show(visitor: Visitor): Promise<void> {
    const { backups: folder } = this.place.installation;
    const reading = `Cannot read ${printable(folder)}`;
    this.#catalog ??= await withContext(reading, () => listBackups(folder));
    this.#total = this.#catalog.backups
      .reduce((sum, { size, plainSize }) => sum + (plainSize ?? size), 0);
    this.#done = 0;
    // What can't be read as a backup can't be searched.
    for (const { name, fault } of this.#catalog.unrecognized) {
      if (isBackupName(name)) {
        this.leftOut.add(`Left out: ${printable(name)}: ${fault}`);
      }
    }
    for (const step of [this.#now, this.#plain, this.#packs, this.#copies]) {
      if (!visitor.isDone()) await step.call(this, visitor);
    }
  }

  async #now(visitor: Visitor): Promise<void> {
    const { installation, session } = this.place;
    if (!hasDatabase(installation)) return;
    await this.#try("the database", async () => {
      const db = openForReading(installation.database);
      try {
        db.exec("BEGIN");
        const read = () => schemaEntries(db);
        const schema = await retryLocked(read, session);
        const seen = { name: "the database", date: undefined };
        await this.#scanDatabase(visitor, seen, db, schema);
      } finally {
        db.close();
      }
    });
  }

  async #scanDatabase(
    visitor: Visitor,
    seen: Seen,
    db: TableRows["db"],
    schema: SchemaObject[],
  ): Promise<void> {
    const scan = new LineScan((schema) => visitor.enter(seen, schema));
    scan.begin(schema);
    for (const table of readableTables(db)) {
      if (table.kind === "virtual" || !scan.table(table.name)) continue;
      let isFirst = true;
      for (const { pieces } of new TableRows(db).read(table)) {
        if (!isFirst) scan.push(ROW_SEPARATOR);
        isFirst = false;
        for (const piece of pieces) scan.push(piece);
        await this.#checkpoint(table.name, 0);
      }
    }
    scan.end();
  }

  async #plain(visitor: Visitor): Promise<void> {
    const plain = this.#catalog!.backups
      .filter(({ form }) => form === "json");
    const { session } = this.place;
    const identities = await session.keys?.identities() ?? [];
    for (const entry of plain) {
      if (visitor.isDone()) return;
      if (entry.encrypted && identities.length === 0) {
        this.#locked(entry.name);
        continue;
      }
      await this.#try(
        entry.name,
        () =>
          entry.ours && !entry.encrypted
            ? this.#scan(visitor, entry, pieces(entry.path))
            : this.#scanOpened(visitor, entry),
      );
    }
  }

  #locked(name: string): void {
    this.leftOut.add(
      `Left out: ${printable(name)}: it is encrypted; --identity FILE names ` +
        "the key that opens it",
    );
  }

  async #packs(visitor: Visitor): Promise<void> {
    const { installation, session } = this.place;
    const { backups: folder, scratch } = installation;
    const identities = await session.keys?.identities() ?? [];
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter(isPackName).sort().reverse();
    for (const name of names) {
      if (visitor.isDone()) return;
      const path = join(folder, name);
      const isEncrypted = name !== plainName(name);
      if (isEncrypted && identities.length === 0) {
        this.#locked(name);
        continue;
      }
      await this.#try(
        name,
        () =>
          isEncrypted
            ? withDecrypted(
              path,
              scratch,
              session,
              (plain) => this.#scanPack(visitor, name, plain),
            )
            : this.#scanPack(visitor, name, path),
      );
    }
  }

  async #scanPack(
    visitor: Visitor,
    pack: string,
    path: string,
  ): Promise<void> {
    const onBytes = () => this.place.session.checkpoint();
    const contents = await readPack(path, onBytes);
    const plain = new Set(
      this.#catalog!.backups.filter(({ form }) => form === "json")
        .map(({ name }) => name),
    );
    if (contents.damagedFrames > 0) {
      this.leftOut.add(`Left out: a part of ${printable(pack)}: it is damaged`);
    }
    for await (const { backup, bytes } of streamAll(path, contents, onBytes)) {
      // A run of tidy that was killed leaves a day twice.
      if (plain.has(backup.name)) continue;
      await this.#try(backup.name, async () => {
        const fault = `its part of ${printable(pack)} is damaged`;
        if (!bytes) throw new BackupError(fault);
        try {
          await this.#scan(visitor, backup, bytes);
        } catch (error) {
          throw isDamage(error) ? new BackupError(fault) : error;
        }
      });
    }
  }

  async #copies(visitor: Visitor): Promise<void> {
    for (const { name, path } of listCopies(this.place.installation)) {
      if (visitor.isDone()) return;
      await this.#try(name, async () => {
        const db = openForReading(path);
        try {
          const seen = { name, date: momentOfCopy(path) };
          const schema = schemaEntries(db);
          await this.#scanDatabase(visitor, seen, db, schema);
        } catch (error) {
          if (error instanceof BackupError) throw error;
          throw new BackupError(copyFault(error));
        } finally {
          db.close();
        }
      });
    }
  }

  async #scan(
    visitor: Visitor,
    { name, date }: Pick<BackupEntry, "name" | "date">,
    bytes: Bytes,
  ): Promise<void> {
    const seen = { name, date: date ?? new Date(0) };
    const scan = new LineScan((schema) => visitor.enter(seen, schema));
    for await (const piece of bytes) {
      scan.push(piece);
      await this.#checkpoint(name, piece.length);
    }
    if (!scan.hasEntered) throw new BackupError("it has no rows to look at");
    scan.end();
  }

  // Of another layout, or encrypted: read through and checked first.
  async #scanOpened(visitor: Visitor, entry: BackupEntry): Promise<void> {
    const { installation, session } = this.place;
    const { backup } = await openSource(entry, installation, session);
    try {
      const seen = { name: entry.name, date: entry.date ?? new Date(0) };
      const scan = new LineScan((schema) => visitor.enter(seen, schema));
      scan.begin(this.#schemaOf(backup));
      for (const span of backup.tables) {
        if (!scan.table(span.name)) continue;
        let rows = 0;
        for (const row of backup.rows(span)) {
          const keys = row.columns.map((name) => JSON.stringify(name));
          for (const piece of rowJson(keys, row, "UTF-8")) scan.push(piece);
          scan.push(ROW_SEPARATOR);
          if (++rows % 1000 === 0) await this.#checkpoint(span.name, 0);
        }
      }
      scan.end();
    } finally {
      backup.close();
    }
    await this.#checkpoint(entry.name, entry.plainSize ?? entry.size);
  }

  // The old form has no definitions: the local ones say what the rows are.
  #schemaOf({ members, tables }: BackupFile): SchemaObject[] {
    if (members.schema?.length) return members.schema;
    const { installation } = this.place;
    if (!hasDatabase(installation)) return [];
    const db = openForReading(installation.database);
    try {
      const names = new Set(tables.map(({ name }) => foldName(name)));
      return schemaEntries(db).filter(({ name }) => names.has(foldName(name)));
    } finally {
      db.close();
    }
  }

  /** Does a step; what can't be read is left out, and anything else ends the search. */
  async #try(name: string, step: () => Promise<void>): Promise<void> {
    try {
      await withContext(`Left out: ${printable(name)}`, step);
    } catch (error) {
      const isOfOne = error instanceof BackupError &&
        error.exitCode === EXIT.failed;
      if (!isOfOne) throw error;
      this.leftOut.add(error.message);
    }
  }

  async #checkpoint(table: string, bytes: number): Promise<void> {
    this.#done += bytes;
    await this.place.session.checkpoint({
      doing: "Searching",
      table,
      rows: 0,
      bytes: this.#done,
      total: this.#total,
    });
  }
}

function* pieces(path: string): Generator<Uint8Array> {
  using file = Deno.openSync(path, { read: true });
  const buffer = new Uint8Array(readSize);
  for (;;) {
    const count = file.readSync(buffer);
    if (!count) return;
    yield buffer.subarray(0, count);
  }
}
