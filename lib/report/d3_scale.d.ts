/**
 * What is used of `d3-scale`, which ships no types.
 *
 * @module
 */

/** From values to positions. */
export interface Scale<T> {
  (value: T): number;
  domain(values: readonly [T, T]): this;
  domain(): [T, T];
  range(positions: readonly [number, number]): this;
  nice(count?: number): this;
  ticks(count?: number): T[];
}

/** From values to strips. */
export interface BandScale {
  (value: string): number | undefined;
  domain(values: readonly string[]): this;
  range(positions: readonly [number, number]): this;
  paddingInner(part: number): this;
  bandwidth(): number;
}

/** Makes a scale. */
export function scaleLinear(): Scale<number>;
/** Makes a scale. */
export function scaleSqrt(): Scale<number>;
/** Makes a scale. */
export function scaleTime(): Scale<Date>;
/** Makes a scale. */
export function scaleBand(): BandScale;
