import { type Contact, CONTACTS, PERSONS } from "./cast.ts";
import type { Row, RowMakers, SampleContext } from "./context.ts";
import type { Random } from "./random.ts";
import { prose, sentence, subject, task } from "./text.ts";

const TRAJECTORIES = ["strengthening", "stable", "cooling", "at_risk"];
const DEPTHS = ["transactional", "professional", "collaborative", "trusted"];
const RELATIONSHIPS = ["colleague", "introduced_by", "reports_to", "family"];
const INTERACTIONS = ["email", "call", "meeting", "message", "other"];

function* contacts(context: SampleContext, random: Random): Iterable<Row> {
  for (const { name, email, company, role, slug } of CONTACTS) {
    const age = random.int(200, 540);
    yield {
      name,
      email: random.chance(0.9) ? email : null,
      phone: random.chance(0.6) ? `+1 202 555 01${random.int(10, 99)}` : null,
      company,
      role,
      type: role === null ? "company" : "individual",
      status: random.pickEarly(["active", "active", "inactive", "archived"]),
      notes: random.chance(0.5) ? prose(random, 120) : null,
      created_at: context.time(age),
      updated_at: context.time(random.int(0, age)),
      slug,
    };
  }
}

function* contactInteractions(
  context: SampleContext,
  random: Random,
): Iterable<Row> {
  const count = context.count("contact_interactions");
  for (let i = 0; i < count; i++) {
    const age = context.age(i, count, random);
    yield {
      contact_id: random.pickEarly(CONTACTS).id,
      type: random.pick(INTERACTIONS),
      direction: random.pick(["inbound", "outbound"]),
      subject: random.chance(0.8) ? subject(random) : null,
      summary: random.chance(0.7) ? prose(random, 100) : "",
      occurred_at: context.time(age),
      created_at: context.time(age - 0.02),
    };
  }
}

function* contactRelationships(
  _context: SampleContext,
  random: Random,
): Iterable<Row> {
  for (const { id } of random.sample(PERSONS, 24)) {
    const other = random.pick(CONTACTS).id;
    if (other === id) continue;
    yield {
      contact_id_a: id,
      contact_id_b: other,
      relationship_type: random.pick(RELATIONSHIPS),
      notes: random.chance(0.4) ? sentence(random) : null,
    };
  }
}

function* followUps(context: SampleContext, random: Random): Iterable<Row> {
  for (let i = 0; i < 45; i++) {
    const due = random.int(-30, 120);
    const done = due > 14;
    yield {
      contact_id: random.pickEarly(PERSONS).id,
      due_date: context.date(due),
      reason: task(random),
      status: done ? random.pick(["completed", "skipped"]) : "pending",
      completed_at: done ? context.time(due - random.next()) : null,
      created_at: context.time(due + 45),
    };
  }
}

/** Measures of a contact: some rounded, some as they were computed. */
function score(random: Random, contact: Contact): Row {
  return {
    contact_id: contact.id,
    meeting_frequency: random.int(0, 4),
    talk_ratio_avg: Math.round(random.next() * 100) / 100,
    commitment_follow_through: random.pick([0, 1 / 3, 0.5, 2 / 3, 1]),
    topic_diversity: random.chance(0.2) ? null : random.next(),
    relationship_depth: random.pick(DEPTHS),
    trajectory: random.pick(TRAJECTORIES),
    notes: random.chance(0.3) ? sentence(random) : null,
    commitment_follow_through_inbound: random.chance(0.5) ? 1 : null,
  };
}

function* relationshipScores(
  context: SampleContext,
  random: Random,
): Iterable<Row> {
  for (const age of [90, 60, 30, 0]) {
    for (const contact of PERSONS) {
      yield {
        ...score(random, contact),
        score_date: context.date(age),
        created_at: context.time(age),
      };
    }
  }
}

function* entityNarratives(
  context: SampleContext,
  random: Random,
): Iterable<Row> {
  for (const contact of PERSONS.slice(0, 12)) {
    const age = random.next() * 20;
    yield {
      contact_id: contact.id,
      relationship_context: prose(random, 500),
      company_intel: random.chance(0.7) ? prose(random, 300) : null,
      discovery_questions: JSON.stringify([sentence(random), sentence(random)]),
      next_action: task(random),
      generated_at: context.time(age),
      data_fingerprint: random.hex(64),
      updated_at: context.time(age),
    };
  }
}

/** The tables about contacts. */
export const PEOPLE: RowMakers = {
  contacts,
  contact_interactions: contactInteractions,
  contact_relationships: contactRelationships,
  follow_ups: followUps,
  relationship_scores: relationshipScores,
  entity_narratives: entityNarratives,
};
