/**
 * Charts as SVG. Only shapes are in it, stretched to the width of the page; the words at
 * the axes are text of the page, so that they stay readable on a phone.
 *
 * @module
 */
// @ts-types="./d3_scale.d.ts"
import { scaleBand, scaleLinear, scaleSqrt, scaleTime } from "d3-scale";
// @ts-types="./d3_shape.d.ts"
import { area, line } from "d3-shape";
import type { Scale } from "./d3_scale.d.ts";
import {
  bandTicks,
  frame,
  gridLine,
  gridLines,
  HEIGHT,
  rootTicks,
  round,
  timeTicks,
  WIDTH,
} from "./axes.ts";
import { daysBetween, midnight } from "./dates.ts";
import { type Html, markup } from "./markup.ts";

/** So many days without a value are a gap; fewer would only be noise. */
export const GAP_DAYS: number = 3;

/** A value of a day. */
export interface Point {
  /** The local day. */
  day: string;
  value: number;
}

/** What a chart of one value shows. */
export interface LineChart {
  /** What it says in a sentence, for who can't see it. */
  summary: string;
  /** Oldest first; at least one. */
  points: readonly Point[];
  /** Days to mark. */
  marked: readonly string[];
  /** Words for a value at the axis. */
  words: (value: number) => string;
}

/** Draws a line over the days; it breaks where there is none for long. */
export function lineChart({ summary, points, marked, words }: LineChart): Html {
  const [first, last] = [points[0]!.day, points.at(-1)!.day];
  const x = scaleTime().range([0, WIDTH])
    .domain([midnight(first), midnight(last)]);
  const top = Math.max(1, ...points.map(({ value }) => value));
  const y = scaleLinear().range([HEIGHT, 0]).domain([0, top]).nice(4);
  const broken = withBreaks(points);
  const place = ({ day }: Point) => round(x(midnight(day)));
  const isThere = ({ value }: Point) => !Number.isNaN(value);
  const shape = line<Point>().defined(isThere).x(place)
    .y(({ value }) => round(y(value)));
  const ground = area<Point>().defined(isThere).x(place).y0(HEIGHT)
    .y1(({ value }) => round(y(value)));
  return frame(
    summary,
    markup`
      ${gapBands(points, x)}${
      gridLines(
        y,
        4,
      )
    }<path class="ground" d="${ground(broken) ?? ""}" /><path class="line"
        d="${shape(broken) ?? ""}" />${
      marked.filter((day) => day > first && day <= last).map((day) => {
        const at = round(x(midnight(day)));
        return markup`
            <path class="mark" d="M${at},0V${HEIGHT}" />
          `;
      })
    }
    `,
    y.ticks(4).map((value) => ({ at: y(value) / HEIGHT, text: words(value) })),
    timeTicks(x),
  );
}

function isGap(before: Point, after: Point): boolean {
  return daysBetween(before.day, after.day) > GAP_DAYS;
}

/** The line is broken by a point that is not there. */
function withBreaks(points: readonly Point[]): Point[] {
  return points.flatMap((point, i) => {
    const before = points[i - 1];
    return before && isGap(before, point)
      ? [{ day: before.day, value: NaN }, point]
      : [point];
  });
}

function gapBands(points: readonly Point[], x: Scale<Date>): Html[] {
  return points.flatMap((point, i) => {
    const before = points[i - 1];
    if (!before || !isGap(before, point)) return [];
    const [start, end] = [x(midnight(before.day)), x(midnight(point.day))];
    return [
      markup`
        <rect class="gap" x="${round(start)}" y="0" width="${
        round(
          end - start,
        )
      }"
          height="${HEIGHT}" />
      `,
    ];
  });
}

/** A bar of a day. */
export interface Bar {
  day: string;
  new: number;
  changed: number;
  gone: number;
  /** Whether only the numbers of rows are known. */
  pale: boolean;
}

/**
 * Draws bars over the days, what is new or changed above the axis and what is gone
 * below it. The scale is that of square roots, so that small days can be seen beside
 * large ones.
 *
 * @param days All days to show, with a bar or without one.
 */
export function barChart(
  summary: string,
  days: readonly string[],
  bars: readonly Bar[],
  words: (value: number) => string,
): Html {
  const x = scaleBand().range([0, WIDTH]).domain(days).paddingInner(0.25);
  const up = Math.max(1, ...bars.flatMap((bar) => [bar.new, bar.changed]));
  const down = Math.max(0, ...bars.map(({ gone }) => gone));
  const y = scaleSqrt().range([HEIGHT, 0]).domain([-down, up]).nice(4);
  const ticks = rootTicks(y);
  return frame(
    summary,
    markup`${ticks.map((value) => gridLine(y(value), value === 0))}${
      bars.map((bar) => drawBar(bar, x(bar.day) ?? 0, x.bandwidth(), y))
    }`,
    ticks.map((value) => ({
      at: y(value) / HEIGHT,
      text: words(Math.abs(value)),
    })),
    bandTicks(days, x),
  );
}

// Side by side: on a scale of roots, what stands on another bar would look too small.
function drawBar(bar: Bar, x: number, wide: number, y: Scale<number>): Html {
  const rect = (kind: string, [from, to]: [number, number], left = 0) =>
    from === to ? undefined : markup`
      <rect class="${kind}${bar.pale ? " pale" : ""}" x="${
      round(
        x + left,
      )
    }" y="${round(y(to))}"
        width="${round(wide / 2)}" height="${round(y(from) - y(to))}" />
    `;
  return markup`${rect("new", [0, bar.new])}${
    rect("changed", [0, bar.changed], wide / 2)
  }${rect("gone", [-bar.gone, 0])}`;
}
