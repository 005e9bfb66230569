import { PROJECTS } from "./cast.ts";
import type { Row, RowMakers, SampleContext } from "./context.ts";
import type { Random } from "./random.ts";
import { type Talk, talks } from "./talk.ts";
import { prose, task } from "./text.ts";
import { TIMES } from "./words.ts";
import { TASK_COUNT } from "./work.ts";

const INSIGHTS = ["relationship_pulse", "coach_note", "pattern_alert"];
const SENTIMENTS = ["positive", "neutral", "needs_attention", null];
const STATES = ["open", "completed", "overdue", "cancelled"];

/** One of those who spoke. */
function pickSpeaker(random: Random, talk: Talk): Row {
  const { contact, isUser } = random.pick(talk.speakers);
  return {
    owner_contact_id: contact?.id ?? null,
    is_user_commitment: isUser ? 1 : 0,
  };
}

function* commitments(context: SampleContext, random: Random): Iterable<Row> {
  for (const talk of talks(context)) {
    for (let i = random.int(1, 4); i > 0; i--) {
      const status = random.pick(STATES);
      const done = status === "completed" ? context.time(talk.age / 2) : null;
      yield {
        transcript_id: talk.id,
        ...pickSpeaker(random, talk),
        description: task(random),
        deadline_mentioned: random.chance(0.6) ? random.pick(TIMES) : null,
        deadline_date: random.chance(0.5) ? context.date(talk.age - 10) : null,
        status,
        linked_task_id: random.chance(0.3) ? random.int(1, TASK_COUNT) : null,
        linked_project_id: random.pick([null, random.int(1, PROJECTS.length)]),
        completed_at: done,
        created_at: context.time(talk.age - 0.5),
        updated_at: done ?? context.time(talk.age - 0.5),
      };
    }
  }
}

function* conversationMetrics(
  context: SampleContext,
  random: Random,
): Iterable<Row> {
  for (const { id, age, speakers } of talks(context)) {
    for (const { contact } of speakers) {
      yield {
        transcript_id: id,
        contact_id: contact?.id ?? null,
        talk_ratio: random.pick([0, 1, 0.5, 1 / 3, random.next()]),
        word_count: random.int(0, 6000),
        question_count: random.int(0, 40),
        interruption_count: random.chance(0.5) ? random.int(0, 9) : null,
        longest_monologue_seconds: random.int(5, 300),
        created_at: context.time(age - 0.5),
      };
    }
  }
}

function* communicationInsights(
  context: SampleContext,
  random: Random,
): Iterable<Row> {
  for (const { id, age, speakers } of talks(context)) {
    for (const type of random.sample(INSIGHTS, 3)) {
      yield {
        transcript_id: id,
        contact_id: speakers.at(-1)?.contact?.id ?? null,
        insight_type: type,
        content: prose(random, 250),
        data_points: random.chance(0.8)
          ? JSON.stringify({ talk_ratio: random.next(), turns: 40 })
          : null,
        sentiment: random.pick(SENTIMENTS),
        created_at: context.time(age - 0.5),
      };
    }
  }
}

/** The tables of what was learned from transcripts. */
export const INSIGHT: RowMakers = {
  commitments,
  conversation_metrics: conversationMetrics,
  communication_insights: communicationInsights,
};
