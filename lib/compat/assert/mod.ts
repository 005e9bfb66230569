/**
 * `@std/assert` where JSR is out of reach: typed faces of upstream's own code,
 * carried by the npm package `deno-std`. Only what this project calls is here.
 *
 * @module
 */
import * as npm from "deno-std/assert/mod.js";

/** A class of errors. */
// deno-lint-ignore no-explicit-any -- upstream's own bound for a class of errors
export type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** Throws unless `expr` is truthy. */
export const assert: (expr: unknown, msg?: string) => asserts expr = npm.assert;
/** Throws unless both are equal, deeply. */
export const assertEquals: <T>(actual: T, expected: T, msg?: string) => void =
  npm.assertEquals;
/** Throws unless both are the same value (`Object.is`). */
export const assertStrictEquals: <T>(
  actual: unknown,
  expected: T,
  msg?: string,
) => asserts actual is T = npm.assertStrictEquals;
/** Throws unless `actual` holds `expected`. */
export const assertStringIncludes: (
  actual: string,
  expected: string,
  msg?: string,
) => void = npm.assertStringIncludes;
/** Throws unless `actual` matches the pattern. */
export const assertMatch: (
  actual: string,
  expected: RegExp,
  msg?: string,
) => void = npm.assertMatch;
/** Throws if `actual` matches the pattern. */
export const assertNotMatch: (
  actual: string,
  expected: RegExp,
  msg?: string,
) => void = npm.assertNotMatch;
/** Throws unless `fn` throws an error of the class that holds the text. */
export const assertThrows: <E extends Error = Error>(
  fn: () => unknown,
  errorClass: ErrorClass<E>,
  msgIncludes?: string,
) => E = npm.assertThrows;
/** Throws unless the promise of `fn` fails with such an error. */
export const assertRejects: <E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass: ErrorClass<E>,
  msgIncludes?: string,
) => Promise<E> = npm.assertRejects;
