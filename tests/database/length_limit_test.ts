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

const canLimit = withDb(":memory:", hasLengthLimit);

Deno.test("withinLength() without the engine's help limits nothing", {
  ignore: canLimit,
}, () => {
  withDb(":memory:", (db) => {
    assertEquals(withinLength(db, 9000, () => scalar(db, long)), 10_000);
  });
});

Deno.test("withinLength() stops a longer value, and no later one", {
  ignore: !canLimit,
}, () => {
  withDb(":memory:", (db) => {
    const limited = () => withinLength(db, 9000, () => scalar(db, long));
    assertThrows(limited, Error, "string or blob too big");
    assertEquals(scalar(db, long), 10_000);
    assertEquals(withinLength(db, 11_000, () => scalar(db, long)), 10_000);
  });
});
