import { CONTACTS, pickEntity, PROJECTS } from "./cast.ts";
import type { Row, RowMakers, SampleContext, Value } from "./context.ts";
import type { Random } from "./random.ts";
import { sentence } from "./text.ts";

const MODULES = [
  "crm",
  "projects",
  "gmail",
  "calendar",
  "conversations",
  "decisions",
  "journal",
  "notes",
  "slack",
];
const ACTIONS = ["created", "updated", "completed", "note_added", "email_sent"];

function* schemaMigrations(
  context: SampleContext,
  random: Random,
): Iterable<Row> {
  for (const [index, name] of ["core", ...MODULES].entries()) {
    yield {
      filename: `${String(index + 1).padStart(3, "0")}_${name}.sql`,
      // Those of before the checksums came have none.
      checksum: index < 3 ? null : random.hex(64),
      applied_at: context.time(540 - index * 20),
    };
  }
}

/** Settings of the user beside the state of this installation. */
function* soyMeta(context: SampleContext): Iterable<Row> {
  const values: Record<string, string> = {
    schema_version: String(MODULES.length + 1),
    created_at: context.time(540),
    platform_version: "1.4.0",
    profile_setup_completed: "1",
    gmail_last_synced: context.iso(0.1),
    calendar_last_synced: context.iso(0.1),
    transcripts_last_scanned: context.iso(0.5),
    slack_last_synced: context.iso(0.05),
    last_backup_at: context.iso(9),
    display_name: "Alex “Lex” Morgan",
  };
  for (const [key, value] of Object.entries(values)) {
    yield { key, value, updated_at: context.time(0.1) };
  }
}

function* modules(context: SampleContext): Iterable<Row> {
  for (const [index, name] of MODULES.entries()) {
    yield {
      name,
      version: `1.${index % 3}.0`,
      installed_at: context.time(540 - index * 20),
      enabled: name === "journal" ? 0 : 1,
    };
  }
}

/** A page for an entity; without one, for the whole. */
function page(
  context: SampleContext,
  filename: string,
  [type, id, name]: [Value, Value, Value] = [null, null, null],
): Row {
  return {
    view_type: type === null ? "dashboard" : `${type}-page`,
    entity_type: type,
    entity_id: id,
    entity_name: name,
    filename,
    generated_at: context.time(12),
    updated_at: context.time(3),
  };
}

function* generatedViews(context: SampleContext): Iterable<Row> {
  yield page(context, "dashboard.html");
  for (const { id, name, slug } of CONTACTS.slice(0, 12)) {
    yield page(context, `contact-${slug}.html`, ["contact", id, name]);
  }
  for (const [index, name] of PROJECTS.entries()) {
    const id = index + 1;
    yield page(context, `project-${id}.html`, ["project", id, name]);
  }
}

function* activityLog(context: SampleContext, random: Random): Iterable<Row> {
  const count = context.count("activity_log");
  for (let i = 0; i < count; i++) {
    const { type, id, name } = pickEntity(random);
    const details = { name, note: sentence(random) };
    yield {
      entity_type: type,
      entity_id: id,
      action: random.pick(ACTIONS),
      details: random.chance(0.7) ? JSON.stringify(details) : null,
      created_at: context.time(context.age(i, count, random)),
    };
  }
}

/** The tables about the installation itself. */
export const SYSTEM: RowMakers = {
  schema_migrations: schemaMigrations,
  soy_meta: soyMeta,
  modules,
  generated_views: generatedViews,
  activity_log: activityLog,
};
