import { type Contact, PERSONS, PROJECTS, USER } from "./cast.ts";
import type { Row, RowMakers, SampleContext } from "./context.ts";
import type { Random } from "./random.ts";
import { letter, meeting, prose, snippet, subject } from "./text.ts";

const DAY_PARTS = [0.25, 0.5, 1, 1.5, 2];
const PLACES = [
  "Room 3",
  "Café Central, Wien",
  "https://meet.example/abc-defg",
];
const LABELS = ["IMPORTANT", "CATEGORY_PERSONAL", "Kunden/Nordlys", "📌"];

function* googleAccounts(context: SampleContext): Iterable<Row> {
  for (const [index, label] of ["personal", "work"].entries()) {
    yield {
      email: index === 0 ? USER.email : "a.morgan@studio.example",
      label,
      display_name: index === 0 ? USER.name : null,
      token_file: `google_token_${label}.json`,
      is_primary: index === 0 ? 1 : 0,
      connected_at: context.time(300 - index * 100),
      last_synced_at: context.time(0.1),
      status: "active",
    };
  }
}

/** Gmail's form of an id: 16 hexadecimal digits that grow with time. */
function gmailId(index: number): string {
  return (0x1900000000000 + index * 7919).toString(16).padStart(16, "0");
}

/** Who wrote to whom, and what. */
function parties(random: Random, contact: Contact, inbound: boolean): Row {
  const [from, to] = inbound ? [contact, USER] : [USER, contact];
  const body = letter(random, to.name, from.name);
  return {
    contact_id: random.chance(0.9) ? contact.id : null,
    direction: inbound ? "inbound" : "outbound",
    from_address: from.email,
    from_name: from.name,
    to_addresses: JSON.stringify([to.email]),
    subject: random.chance(0.98) ? subject(random) : null,
    snippet: snippet(body),
    body_preview: body,
  };
}

function* emails(context: SampleContext, random: Random): Iterable<Row> {
  const count = context.count("emails");
  for (let i = 0; i < count; i++) {
    const age = context.age(i, count, random);
    const inbound = random.chance(0.6);
    yield {
      gmail_id: gmailId(i),
      // Three messages make a thread, named after the first.
      thread_id: gmailId(i - i % 3),
      ...parties(random, random.pickEarly(PERSONS), inbound),
      labels: JSON.stringify([
        inbound ? "INBOX" : "SENT",
        ...random.sample(LABELS, random.int(0, 2)),
      ]),
      is_read: random.chance(0.95) ? 1 : 0,
      is_starred: random.chance(0.05) ? 1 : 0,
      received_at: context.iso(age),
      synced_at: context.time(age - 0.01),
      account_id: random.pick([1, 1, 2, null]),
    };
  }
}

/** Who takes part, as the calendar and as the contacts know them. */
function guests(random: Random): Row {
  const persons = random.sample(PERSONS, random.int(0, 4));
  const attendees = persons.map(({ email, name }) => ({ email, name }));
  return {
    attendees: JSON.stringify(attendees),
    contact_ids: JSON.stringify(persons.map(({ id }) => id)),
  };
}

/** An event of a whole day has dates in place of moments. */
function times(context: SampleContext, random: Random, start: number): Row {
  const allDay = random.chance(0.1);
  const end = start - (allDay ? 1 : random.pick(DAY_PARTS) / 24);
  return {
    start_time: allDay ? context.date(start) : context.iso(start),
    end_time: allDay ? context.date(end) : context.iso(end),
    all_day: allDay ? 1 : 0,
  };
}

function* calendarEvents(
  context: SampleContext,
  random: Random,
): Iterable<Row> {
  const count = context.count("calendar_events");
  for (let i = 0; i < count; i++) {
    // The calendar goes a month ahead.
    const start = context.age(i, count, random) - 30;
    yield {
      google_event_id: `${random.hex(18)}_${i}`,
      calendar_id: random.chance(0.9) ? "primary" : "team@group.example",
      title: meeting(random),
      description: random.chance(0.5) ? prose(random, 200) : null,
      location: random.chance(0.5) ? random.pick(PLACES) : null,
      ...times(context, random, start),
      status: random.pickEarly(["confirmed", "tentative", "cancelled"]),
      ...guests(random),
      project_id: random.chance(0.3) ? random.int(1, PROJECTS.length) : null,
      synced_at: context.time(Math.max(0, start)),
      account_id: random.pick([1, 2, null]),
    };
  }
}

/** The tables about e-mail and calendar. */
export const MAIL: RowMakers = {
  google_accounts: googleAccounts,
  emails,
  calendar_events: calendarEvents,
};
