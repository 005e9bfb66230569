import { pickEntity } from "./cast.ts";
import type { Row, RowMakers, SampleContext } from "./context.ts";
import type { Random } from "./random.ts";
import { sentence, task } from "./text.ts";

const RUNS = 30;
const PHASES = ["sync", "match", "analyze", "score", "report"];
const CHECKS = ["foreign_keys", "orphans", "disk_space", "tokens"];
const SIGNALS = ["overdue_commitment", "cooling_contact", "unanswered_mail"];

function* pipelineRuns(context: SampleContext, random: Random): Iterable<Row> {
  for (let run = 1; run <= RUNS; run++) {
    const started = context.time(RUNS - run);
    const running = run === RUNS;
    const ended = random.pickEarly(["completed", "partial", "failed"]);
    yield {
      started_at: started,
      completed_at: running ? null : context.time(RUNS - run - 0.001),
      status: running ? "running" : ended,
      trigger: random.pick(["manual", "scheduled", null]),
      duration_seconds: running ? null : random.int(1, 400) / 4,
      summary: running ? null : sentence(random),
      created_at: started,
    };
  }
}

/** How a phase ended, and what it found or why it failed. */
function outcome(random: Random): Row {
  const failed = random.chance(0.1);
  const result = JSON.stringify({ found: random.int(0, 99), ok: true });
  return {
    status: failed ? "failed" : "completed",
    result: failed ? null : result,
    error: failed ? 'HTTP 429: "rate limit exceeded"\n  retry later' : null,
  };
}

function* pipelinePhases(
  context: SampleContext,
  random: Random,
): Iterable<Row> {
  for (let run = 1; run <= RUNS; run++) {
    for (const phase of PHASES) {
      const seconds = random.pick([0, 1, 2.5, random.next() * 20]);
      const age = RUNS - run;
      yield {
        run_id: run,
        phase,
        ...outcome(random),
        started_at: context.time(age),
        completed_at: context.time(age - seconds / 86_400),
        duration_seconds: seconds,
        created_at: context.time(age),
      };
    }
  }
}

function* healthChecks(context: SampleContext, random: Random): Iterable<Row> {
  for (let i = 40; i > 0; i--) {
    const status = random.pickEarly(["ok", "ok", "warning", "repaired"]);
    yield {
      check_type: random.pick(CHECKS),
      status,
      details: status === "ok" ? null : sentence(random),
      created_at: context.time(i),
    };
  }
}

/** Weights from 0 to 1, and the score that follows from them. */
function weights(random: Random): Row {
  const urgency = random.pick([0, 0.25, 1, random.next()]);
  const importance = random.pick([0.1, 0.7, 1, random.next()]);
  const novelty = random.pick([0, 1]);
  const score = urgency * 0.5 + importance * 0.3 + novelty * 0.2;
  return { urgency, importance, novelty, score };
}

/** What became of a signal that was seen so many days ago. */
function course(context: SampleContext, random: Random, age: number): Row {
  const status = random.pickEarly(["new", "surfaced", "snoozed", "resolved"]);
  const seen = context.time(age);
  return {
    status,
    first_seen: seen,
    last_detected: context.time(age / 2),
    last_surfaced: status === "new" ? null : context.time(age / 3),
    surfaced_count: status === "new" ? 0 : random.int(1, 5),
    snooze_until: status === "snoozed" ? context.date(-5) : null,
    feedback: random.chance(0.1) ? "not useful 👎" : null,
    resolved_at: status === "resolved" ? context.time(age / 4) : null,
    created_at: seen,
    updated_at: context.time(age / 4),
  };
}

function* signals(context: SampleContext, random: Random): Iterable<Row> {
  const count = context.count("signals");
  for (let i = 0; i < count; i++) {
    const { type, id, name } = pickEntity(random);
    const kind = random.pick(SIGNALS);
    yield {
      signal_key: `${kind}:${type}:${id}:${i + 1}`,
      signal_type: kind,
      signal_class: random.pick(["risk", "opportunity"]),
      entity_type: type,
      entity_id: id,
      entity_name: name,
      title: task(random),
      detail: random.chance(0.8) ? sentence(random) : null,
      source_ref: random.chance(0.5) ? `emails/${i + 1}` : null,
      ...weights(random),
      ...course(context, random, context.age(i, count, random)),
    };
  }
}

/** The tables of what runs by itself and what it noticed. */
export const WATCH: RowMakers = {
  pipeline_runs: pipelineRuns,
  pipeline_phases: pipelinePhases,
  health_checks: healthChecks,
  signals,
};
