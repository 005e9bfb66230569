import { CONTACTS, pickEntity, PROJECTS } from "./cast.ts";
import type { Row, RowMakers, SampleContext } from "./context.ts";
import type { Random } from "./random.ts";
import { prose, sentence, task } from "./text.ts";

const MOODS = ["calm", "focused", "tired", "😀", "überwältigt"];
const TAGS: readonly [string, string | null, string | null][] = [
  ["VIP", "#dc2626", "priority"],
  ["client", "#2563eb", "relationship"],
  ["naïve lead", "#16a34a", "relationship"],
  ["Freund·in", "#9333ea", "relationship"],
  ["press", "#6b7280", null],
  ["🔥 hot", "#ea580c", "priority"],
  ["archived?", null, null],
  ["日本", "#0d9488", "place"],
];
const PROFILE: readonly [string, string, string | null][] = [
  ["identity", "name", "Alex Morgan"],
  ["identity", "pronouns", null],
  ["identity", "home_town", "Malmö"],
  ["work", "title", "Independent producer"],
  ["work", "hours", '9:00–15:30, "never" on Fridays'],
  ["style", "tone", "warm, brief"],
  ["style", "sign_off", "Best,\nAlex"],
  ["preferences", "currency", "€"],
  ["preferences", "week_start", "1"],
  ["preferences", "postcode", "01067"],
];

/** Ids of a few rows, as JSON. */
function ids(random: Random, highest: number): string {
  const all = Array.from({ length: highest }, (_, index) => index + 1);
  return JSON.stringify(random.sample(all, random.int(0, 3)));
}

/** What a text is about. */
function links(random: Random): Row {
  return {
    linked_contacts: ids(random, CONTACTS.length),
    linked_projects: random.chance(0.6) ? ids(random, PROJECTS.length) : null,
  };
}

function* tags(): Iterable<Row> {
  for (const [name, color, category] of TAGS) yield { name, color, category };
}

function* entityTags(
  _context: SampleContext,
  random: Random,
): Iterable<Row> {
  const tagIds = [...TAGS.keys()].map((index) => index + 1);
  const sizes = { contact: CONTACTS.length, project: PROJECTS.length };
  for (const [type, size] of Object.entries(sizes)) {
    for (let id = 1; id <= size; id++) {
      for (const tag of random.sample(tagIds, random.int(0, 3))) {
        yield { entity_type: type, entity_id: id, tag_id: tag };
      }
    }
  }
}

function* notes(context: SampleContext, random: Random): Iterable<Row> {
  const count = context.count("notes");
  for (let i = 0; i < count; i++) {
    const { type, id } = pickEntity(random);
    yield {
      entity_type: type,
      entity_id: id,
      content: prose(random, random.int(40, 400)),
      created_at: context.time(context.age(i, count, random)),
    };
  }
}

function* journalEntries(
  context: SampleContext,
  random: Random,
): Iterable<Row> {
  for (let day = 90; day > 0; day--) {
    if (random.chance(0.3)) continue;
    yield {
      content: prose(random, 500),
      mood: random.chance(0.8) ? random.pick(MOODS) : null,
      energy: random.chance(0.7) ? random.int(1, 10) : null,
      highlights: JSON.stringify([sentence(random)]),
      entry_date: context.date(day),
      ...links(random),
      created_at: context.time(day - 0.5),
      updated_at: context.time(day - 0.5),
    };
  }
}

function* standaloneNotes(
  context: SampleContext,
  random: Random,
): Iterable<Row> {
  for (let i = 0; i < 40; i++) {
    const age = random.int(1, 400);
    yield {
      title: random.chance(0.8) ? task(random) : null,
      content: `# ${task(random)}\n\n- [ ] ${task(random)}\r\n\t- \\o/ done`,
      ...links(random),
      tags: JSON.stringify(random.sample(TAGS, 2).map(([name]) => name)),
      pinned: random.chance(0.1) ? 1 : 0,
      created_at: context.time(age),
      updated_at: context.time(age / 2),
    };
  }
}

function* userProfile(context: SampleContext, random: Random): Iterable<Row> {
  for (const [category, key, value] of PROFILE) {
    const explicit = ["identity", "work"].includes(category);
    yield {
      category,
      key,
      value,
      source: explicit ? "explicit" : "inferred",
      evidence: explicit ? null : sentence(random),
      updated_at: context.time(random.int(1, 200)),
    };
  }
}

/** The tables of notes, journal, tags and the profile of the user. */
export const MIND: RowMakers = {
  tags,
  entity_tags: entityTags,
  notes,
  journal_entries: journalEntries,
  standalone_notes: standaloneNotes,
  user_profile: userProfile,
};
