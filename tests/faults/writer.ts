/**
 * A worker that writes without pause: a row into each of two tables at a time.
 *
 * @module
 */
/// <reference lib="webworker" />
import { Database } from "@db/sqlite";

declare const self: DedicatedWorkerGlobalScope;

/** SQL that makes a database for it. */
export const books = (mode: string) => `
PRAGMA journal_mode = ${mode};
CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE debit (id INTEGER PRIMARY KEY, text TEXT);
CREATE TABLE credit (id INTEGER PRIMARY KEY, text TEXT);
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
INSERT INTO debit SELECT i, hex(randomblob(50)) FROM n;
INSERT INTO credit SELECT id, text FROM debit;
`;

let stopped = false;

/** Writes into the database of that path, and tells of each transaction. */
async function write(path: string): Promise<void> {
  const db = new Database(path);
  db.exec("PRAGMA busy_timeout = 60000; PRAGMA synchronous = OFF");
  for (let done = 1; !stopped; done++) {
    db.exec(
      "BEGIN IMMEDIATE; INSERT INTO debit (text) VALUES (hex(randomblob(50))); " +
        "INSERT INTO credit SELECT * FROM debit ORDER BY id DESC LIMIT 1; COMMIT",
    );
    self.postMessage(done);
    // Readers of a database in delete mode need a gap to come in.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  db.close();
  self.postMessage("closed");
}

if (typeof DedicatedWorkerGlobalScope !== "undefined") {
  self.onmessage = ({ data }) => {
    if (data === "stop") stopped = true;
    else void write(data);
  };
}
