import { CONTACTS, PERSONS, PROJECTS } from "./cast.ts";
import type { Row, RowMakers, SampleContext } from "./context.ts";
import type { Random } from "./random.ts";
import { prose, sentence, task } from "./text.ts";

/** How many tasks there are; their ids go from 1 to this. */
export const TASK_COUNT = 124;

const PRIORITIES = ["low", "medium", "high", "urgent"];
const PROJECT_STATES = [
  "active",
  "active",
  "planning",
  "paused",
  "completed",
  "cancelled",
  "idea",
];
const MILESTONES = ["Start", "First draft", "Approval", "Hand-over ✓"];

function* projects(context: SampleContext, random: Random): Iterable<Row> {
  for (const name of PROJECTS) {
    const start = random.int(60, 400);
    const status = random.pick(PROJECT_STATES);
    yield {
      name,
      description: random.chance(0.8) ? prose(random, 200) : null,
      client_id: random.chance(0.8) ? random.pickEarly(CONTACTS).id : null,
      status,
      priority: random.chance(0.9) ? random.pick(PRIORITIES) : null,
      start_date: context.date(start),
      target_date: random.chance(0.7) ? context.date(start - 180) : null,
      completed_date: status === "completed" ? context.date(20) : null,
      created_at: context.time(start + 3),
      updated_at: context.time(random.next() * 20),
    };
  }
}

function* tasks(context: SampleContext, random: Random): Iterable<Row> {
  for (let i = 0; i < TASK_COUNT; i++) {
    const age = random.int(1, 300);
    const status = random.pick(["todo", "in_progress", "done", "blocked"]);
    const done = status === "done" ? context.time(age / 2) : null;
    yield {
      project_id: random.int(1, PROJECTS.length),
      title: task(random),
      description: random.chance(0.4) ? prose(random, 150) : null,
      status,
      priority: random.pick(PRIORITIES),
      assigned_to: random.chance(0.5) ? random.pick(PERSONS).id : null,
      due_date: random.chance(0.6) ? context.date(age - 30) : null,
      completed_at: done,
      sort_order: i % 20,
      created_at: context.time(age),
      updated_at: done ?? context.time(age),
    };
  }
}

function* milestones(context: SampleContext, random: Random): Iterable<Row> {
  for (let project = 1; project <= PROJECTS.length; project++) {
    for (const [index, name] of MILESTONES.entries()) {
      const target = 150 - 60 * index;
      const done = target > 0 && random.chance(0.8);
      yield {
        project_id: project,
        name,
        description: random.chance(0.3) ? sentence(random) : null,
        target_date: context.date(target),
        completed_date: done ? context.date(target + 2) : null,
        status: done ? "completed" : target > 0 ? "missed" : "pending",
        created_at: context.time(target + 90),
      };
    }
  }
}

/** What is known of a decision once it has been looked back on. */
function review(random: Random, known: boolean): Row {
  return {
    process_quality: known ? random.int(1, 5) : null,
    outcome_quality: known ? random.int(1, 5) : null,
    within_control: known ? sentence(random) : null,
    external_factors: known ? sentence(random) : null,
    would_do_differently: known ? sentence(random) : null,
  };
}

function* decisions(context: SampleContext, random: Random): Iterable<Row> {
  for (let i = 0; i < 16; i++) {
    const age = random.int(5, 400);
    const reviewed = age > 180;
    yield {
      title: `Decide on ${task(random).toLowerCase()}`,
      context: prose(random, 200),
      options_considered: JSON.stringify([task(random), task(random)]),
      decision: sentence(random),
      rationale: random.chance(0.8) ? prose(random, 150) : null,
      outcome: reviewed ? sentence(random) : null,
      outcome_date: reviewed ? context.date(age - 150) : null,
      status: reviewed ? random.pick(["validated", "regretted"]) : "decided",
      project_id: random.chance(0.6) ? random.int(1, PROJECTS.length) : null,
      contact_id: random.chance(0.4) ? random.pick(PERSONS).id : null,
      decided_at: context.time(age),
      created_at: context.time(age),
      updated_at: context.time(age / 2),
      confidence_level: random.int(1, 10),
      review_30_date: context.date(age - 30),
      review_90_date: context.date(age - 90),
      review_180_date: context.date(age - 180),
      ...review(random, reviewed),
    };
  }
}

/** The tables about projects and what was decided on them. */
export const WORK: RowMakers = { projects, tasks, milestones, decisions };
