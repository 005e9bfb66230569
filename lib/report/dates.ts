/**
 * Local days, and what people call them; without the data of `Intl`, so that a page
 * looks the same everywhere.
 *
 * @module
 */
import { localDay } from "../store/names.ts";

const months = ("January February March April May June July August September " +
  "October November December").split(" ");

/** The weekdays, as the columns of a calendar have them. */
export const WEEKDAYS: readonly string[] =
  "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ");

/** The local midnight that a day begins with. */
export function midnight(day: string): Date {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year!, month! - 1, date!);
}

/** The day so many days later. */
export function dayAfter(day: string, days = 1): string {
  const date = midnight(day);
  // Not by hours: days of a change of the clock have others than 24.
  date.setDate(date.getDate() + days);
  return localDay(date);
}

/** How many days there are from one to another. */
export function daysBetween(from: string, to: string): number {
  const time = midnight(to).getTime() - midnight(from).getTime();
  return Math.round(time / 86_400_000);
}

/** The days from one to another, both included. */
export function daysFrom(first: string, last: string): string[] {
  return Array.from(
    { length: daysBetween(first, last) + 1 },
    (_, i) => dayAfter(first, i),
  );
}

/** A day for people, as in `19 February 2026`. */
export function dayWords(day: string): string {
  const date = midnight(day);
  return `${date.getDate()} ${monthWords(day)}`;
}

/** A day in little room, as in `19 Feb`. */
export function shortDay(day: string): string {
  const date = midnight(day);
  return `${date.getDate()} ${shortMonth(date)}`;
}

/** A month for people, as in `February 2026`. */
export function monthWords(day: string): string {
  const date = midnight(day);
  return `${months[date.getMonth()]} ${date.getFullYear()}`;
}

/** A month in little room, as in `Feb`. */
export function shortMonth(date: Date): string {
  return months[date.getMonth()]!.slice(0, 3);
}

/** The column of a day in a calendar, Monday being 0. */
export function weekdayOf(day: string): number {
  return (midnight(day).getDay() + 6) % 7;
}
