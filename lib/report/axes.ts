/**
 * The frame of a chart: the words at its axes, and the lines of its grid.
 *
 * @module
 */
import { localDay } from "../store/names.ts";
import type { BandScale, Scale } from "./d3_scale.d.ts";
import { daysBetween, shortDay, shortMonth } from "./dates.ts";
import { type Html, markup } from "./markup.ts";

/** The units of a drawing, whatever its size on the page. */
export const WIDTH: number = 1000;
export const HEIGHT: number = 240;

/** Few round numbers, no two too close to each other. */
export function rootTicks(y: Scale<number>): number[] {
  const [low, high] = y.domain();
  const steps = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000]
    .flatMap((step) => [step, step * 3]);
  const wanted = [
    ...steps.toReversed().filter((step) => step <= high),
    ...steps.toReversed().map((step) => -step).filter((step) => step >= low),
  ];
  const ticks = [0];
  for (const value of wanted) {
    const isFree = ticks.every((other) =>
      Math.abs(y(other) - y(value)) > HEIGHT / 8
    );
    if (isFree) ticks.push(value);
  }
  return ticks;
}

/** A word at an axis, and where, as a part of the axis. */
export interface Tick {
  at: number;
  text: string;
}

/** The months or days of an axis of time. */
export function timeTicks(x: Scale<Date>): Tick[] {
  const [first, last] = x.domain();
  const days = daysBetween(localDay(first), localDay(last));
  if (days === 0) return [{ at: 0, text: shortDay(localDay(first)) }];
  const words = (date: Date) =>
    days > 92
      ? date.getMonth() === 0 ? String(date.getFullYear()) : shortMonth(date)
      : shortDay(localDay(date));
  return x.ticks(6).filter((date) => date.getHours() === 0)
    .map((date) => ({ at: x(date) / WIDTH, text: words(date) }));
}

/** Some of the days, the last one always. */
export function bandTicks(
  days: readonly string[],
  x: BandScale,
): Tick[] {
  const every = Math.max(1, Math.ceil(days.length / 6));
  return days.filter((_, i) => (days.length - 1 - i) % every === 0)
    .map((day) => ({
      at: ((x(day) ?? 0) + x.bandwidth() / 2) / WIDTH,
      text: shortDay(day),
    }));
}

/** The lines of an axis of values. */
export function gridLines(y: Scale<number>, count: number): Html[] {
  return y.ticks(count).map((value) => gridLine(y(value), value === 0));
}

/** A line of the grid. */
export function gridLine(at: number, isAxis: boolean): Html {
  return markup`
    <path class="${isAxis ? "axis" : "grid"}" d="M0,${round(at)}H${WIDTH}" />
  `;
}

/**
 * Puts shapes between the words of two axes.
 *
 * @param summary What they show, for who can't see it.
 */
export function frame(
  summary: string,
  shapes: Html,
  left: readonly Tick[],
  below: readonly Tick[],
): Html {
  return markup`
    <div class="chart">
      <div class="left" aria-hidden="true">${
    left.map(({ at, text }) =>
      markup`<span style="top:${percent(at)}">${text}</span>`
    )
  }</div>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none"
        role="img" aria-label="${summary}">${shapes}</svg>
      <div class="below" aria-hidden="true">${
    below.map(({ at, text }) =>
      markup`<span style="left:${percent(at)}">${text}</span>`
    )
  }</div>
    </div>
  `;
}

function percent(part: number): string {
  return `${round(part * 100)}%`;
}

/** A position with as many digits as can be seen. */
export function round(position: number): number {
  return Math.round(position * 10) / 10;
}
