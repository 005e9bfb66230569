/**
 * What is used of `d3-shape`, which ships no types.
 *
 * @module
 */

/** Makes the path of a line. */
export interface Line<T> {
  (points: readonly T[]): string | null;
  x(position: (point: T) => number): this;
  y(position: (point: T) => number): this;
  defined(isThere: (point: T) => boolean): this;
}

/** Makes the path of an area. */
export interface Area<T> {
  (points: readonly T[]): string | null;
  x(position: (point: T) => number): this;
  y0(position: number): this;
  y1(position: (point: T) => number): this;
  defined(isThere: (point: T) => boolean): this;
}

/** Makes lines. */
export function line<T>(): Line<T>;
/** Makes areas. */
export function area<T>(): Area<T>;
