/**
 * The database schema of the application, as the sample database has it.
 *
 * @module
 */
import { SCHEMA_CORE } from "./schema_core.ts";
import { SCHEMA_MAIL } from "./schema_mail.ts";
import { SCHEMA_MIND } from "./schema_mind.ts";
import { SCHEMA_SYNC } from "./schema_sync.ts";
import { SCHEMA_TALK } from "./schema_talk.ts";
import { SCHEMA_WORK } from "./schema_work.ts";

const VIEWS = `
CREATE VIEW open_follow_ups AS
SELECT f.id, c.name AS contact, f.reason, f.due_date
FROM follow_ups AS f
JOIN contacts AS c ON c.id = f.contact_id
WHERE f.status = 'pending'
ORDER BY f.due_date;

CREATE VIEW contact_activity AS
SELECT c.id, c.name,
  (SELECT count(*) FROM emails AS e WHERE e.contact_id = c.id) AS emails,
  (SELECT count(*) FROM contact_interactions AS i
    WHERE i.contact_id = c.id) AS interactions,
  (SELECT max(e.received_at) FROM emails AS e
    WHERE e.contact_id = c.id) AS last_email_at
FROM contacts AS c;

CREATE VIEW project_progress AS
SELECT p.id, p.name, p.status, count(t.id) AS tasks,
  count(CASE WHEN t.status = 'done' THEN 1 END) AS tasks_done
FROM projects AS p
LEFT JOIN tasks AS t ON t.project_id = p.id
GROUP BY p.id;
`;

/** SQL that makes all tables of the application, their indexes, and views. */
export const SAMPLE_SCHEMA: string = [
  SCHEMA_CORE,
  SCHEMA_WORK,
  SCHEMA_MAIL,
  SCHEMA_TALK,
  SCHEMA_MIND,
  SCHEMA_SYNC,
  VIEWS,
].join("");

/** The names of the tables, in creation order. */
export const SAMPLE_TABLES: readonly string[] = Array.from(
  SAMPLE_SCHEMA.matchAll(/^CREATE TABLE (\w+)/gm),
  ([, name = ""]) => name,
);
