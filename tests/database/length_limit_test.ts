/**
 * Values of limited length.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { scalar } from "../../lib/database/connection.ts";
import {
  hasLengthLimit,
  withinLength,
} from "../../lib/database/length_limit.ts";
import { withDb } from "../support/scratch.ts";

const long = "SELECT length(hex(zeroblob(5000)))";

Deno.test("withinLength() stops a longer value where the engine can, and no later one", () => {
  withDb(":memory:", (db) => {
    const limited = () => withinLength(db, 9000, () => scalar(db, long));
    if (hasLengthLimit(db)) {
      assertThrows(limited, Error, "string or blob too big");
    } else {
      assertEquals(limited(), 10_000);
    }
    assertEquals(scalar(db, long), 10_000);
    assertEquals(withinLength(db, 11_000, () => scalar(db, long)), 10_000);
  });
});
