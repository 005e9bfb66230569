/**
 * Loaded before the tool: the first statement that matches a pattern never ends, as one
 * that changes millions of rows seems to.
 *
 * @module
 */
import { Database } from "@db/sqlite";

const cell = new Int32Array(new SharedArrayBuffer(4));

// Only a run that takes its time is watched.
Atomics.wait(cell, 0, 0, 200);

// How many of them do end.
let left = Number(Deno.env.get("ENDLESS_AFTER"));
const pattern = new RegExp(Deno.env.get("ENDLESS_STATEMENT")!);
const { exec, prepare } = Database.prototype;

function stuckIfMeant(db: Database, sql: string): void {
  if (!pattern.test(sql) || left-- > 0) return;
  Deno.stderr.writeSync(new TextEncoder().encode("stuck\n"));
  // SQLite is in its statement, and takes no processor from other tests.
  db.function("endless", () => Atomics.wait(cell, 0, 0) === "ok" ? 1 : 0);
  exec.call(db, "SELECT endless()");
}

Database.prototype.exec = function (this: Database, sql, ...params) {
  stuckIfMeant(this, sql);
  return exec.call(this, sql, ...params);
};

Database.prototype.prepare = function (this: Database, sql) {
  stuckIfMeant(this, sql);
  return prepare.call(this, sql);
};
