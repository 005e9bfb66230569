import { type Contact, PERSONS, USER } from "./cast.ts";
import type { Row, RowMakers, SampleContext } from "./context.ts";
import type { Random } from "./random.ts";
import { conversation, meeting, prose, task } from "./text.ts";
import { TOPICS } from "./words.ts";

const SOURCES = ["paste", "gemini", "file"];

/** One who speaks: the user, a contact, or one who is not in the contacts. */
export interface Speaker {
  label: string;
  contact: Contact | null;
  isUser: boolean;
}

/** What all tables about one transcript agree on. */
export interface Talk {
  id: number;
  /** When it was, in days before the present. */
  age: number;
  speakers: Speaker[];
  /** The e-mail that brought it, if one did; no other transcript has it. */
  email: number | null;
}

function talk(context: SampleContext, id: number, count: number): Talk {
  const random = context.random(`talk ${id}`);
  const speakers = random.sample(PERSONS, random.int(1, 3)).map((contact) => ({
    label: contact.name,
    contact: random.chance(0.9) ? contact : null,
    isUser: false,
  }));
  const user = { label: USER.name, contact: null, isUser: true };
  const stride = context.count("emails") / count;
  return {
    id,
    age: context.age(id - 1, count, random),
    speakers: [user, ...speakers],
    email: id % 3 === 1 ? Math.floor(id * stride) : null,
  };
}

/** The transcripts by id, the same for every table. */
export function* talks(context: SampleContext): Iterable<Talk> {
  const count = context.count("transcripts");
  for (let id = 1; id <= count; id++) yield talk(context, id, count);
}

/** What was found out about a call, as JSON. */
function intelligence(random: Random): string {
  return JSON.stringify({
    topics: random.sample(TOPICS, 3),
    next_step: task(random),
    confidence: Math.round(random.next() * 100) / 100,
  });
}

/** It came by an e-mail, or belongs to an event of the calendar. */
function origin(context: SampleContext, random: Random, talk: Talk): Row {
  const events = context.count("calendar_events");
  return {
    source_email_id: talk.email,
    source_calendar_event_id: talk.email ? null : random.int(1, events),
    source_doc_id: talk.email ? random.hex(22) : null,
  };
}

function* transcripts(context: SampleContext, random: Random): Iterable<Row> {
  for (const talk of talks(context)) {
    const minutes = random.int(15, 60);
    const labels = talk.speakers.map(({ label }) => label);
    yield {
      title: random.chance(0.9) ? meeting(random) : null,
      source: random.pick(SOURCES),
      raw_text: conversation(random, labels, minutes),
      summary: random.chance(0.8) ? prose(random, 400) : null,
      duration_minutes: minutes,
      occurred_at: context.iso(talk.age),
      processed_at: random.chance(0.9) ? context.time(talk.age - 0.5) : null,
      created_at: context.time(talk.age - 0.1),
      updated_at: context.time(talk.age - 0.5),
      call_intelligence: random.chance(0.7) ? intelligence(random) : null,
      ...origin(context, random, talk),
    };
  }
}

function* transcriptParticipants(context: SampleContext): Iterable<Row> {
  for (const { id, age, speakers } of talks(context)) {
    for (const { label, contact, isUser } of speakers) {
      yield {
        transcript_id: id,
        contact_id: contact?.id ?? null,
        speaker_label: label,
        is_user: isUser ? 1 : 0,
        created_at: context.time(age - 0.1),
      };
    }
  }
}

function* transcriptSources(
  context: SampleContext,
  random: Random,
): Iterable<Row> {
  for (const { id, age, email } of talks(context)) {
    if (email === null) continue;
    const doc = random.hex(22);
    yield {
      transcript_id: id,
      email_id: email,
      doc_id: doc,
      doc_url: random.chance(0.8) ? `https://docs.example/d/${doc}` : null,
      source_type: "gemini",
      fetched_at: context.time(age - 0.1),
    };
  }
}

/** The tables that hold transcripts. */
export const TALK: RowMakers = {
  transcripts,
  transcript_participants: transcriptParticipants,
  transcript_sources: transcriptSources,
};
