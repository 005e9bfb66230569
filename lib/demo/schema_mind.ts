/** Tables of decisions, journal, notes and the profile of the user. */
export const SCHEMA_MIND = `
CREATE TABLE decisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  context TEXT,
  options_considered TEXT,
  decision TEXT NOT NULL,
  rationale TEXT,
  outcome TEXT,
  outcome_date TEXT,
  status TEXT NOT NULL DEFAULT 'decided'
    CHECK (status IN ('open', 'decided', 'revisit', 'validated', 'regretted')),
  project_id INTEGER REFERENCES projects (id) ON DELETE SET NULL,
  contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
  decided_at TEXT NOT NULL DEFAULT (datetime('now')),
  created_at TEXT NOT NULL DEFAULT (datetime('now')),
  updated_at TEXT NOT NULL DEFAULT (datetime('now')),
  confidence_level INTEGER,
  review_30_date TEXT,
  review_90_date TEXT,
  review_180_date TEXT,
  process_quality INTEGER,
  outcome_quality INTEGER,
  within_control TEXT,
  external_factors TEXT,
  would_do_differently TEXT
);
CREATE INDEX idx_decisions_status ON decisions (status);
CREATE INDEX idx_decisions_project_id ON decisions (project_id);
CREATE INDEX idx_decisions_contact_id ON decisions (contact_id);
CREATE INDEX idx_decisions_decided_at ON decisions (decided_at);

CREATE TABLE journal_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  content TEXT NOT NULL,
  mood TEXT,
  energy INTEGER,
  highlights TEXT,
  entry_date TEXT NOT NULL,
  linked_contacts TEXT,
  linked_projects TEXT,
  created_at TEXT NOT NULL DEFAULT (datetime('now')),
  updated_at TEXT NOT NULL DEFAULT (datetime('now'))
);
CREATE INDEX idx_journal_entries_entry_date ON journal_entries (entry_date);
CREATE INDEX idx_journal_entries_mood ON journal_entries (mood);

CREATE TABLE standalone_notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT,
  content TEXT NOT NULL,
  linked_contacts TEXT,
  linked_projects TEXT,
  tags TEXT,
  pinned INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL DEFAULT (datetime('now')),
  updated_at TEXT NOT NULL DEFAULT (datetime('now'))
);
CREATE INDEX idx_standalone_notes_pinned ON standalone_notes (pinned);
CREATE INDEX idx_standalone_notes_created_at ON standalone_notes (created_at);
CREATE INDEX idx_standalone_notes_updated_at ON standalone_notes (updated_at);

CREATE TABLE transcript_sources (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  transcript_id INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
  email_id INTEGER UNIQUE REFERENCES emails (id) ON DELETE SET NULL,
  doc_id TEXT,
  doc_url TEXT,
  source_type TEXT NOT NULL DEFAULT 'gemini',
  fetched_at TEXT NOT NULL DEFAULT (datetime('now'))
);

CREATE TABLE user_profile (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  category TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT,
  source TEXT NOT NULL DEFAULT 'explicit',
  evidence TEXT,
  updated_at TEXT NOT NULL DEFAULT (datetime('now')),
  UNIQUE (category, key)
);
CREATE INDEX idx_user_profile_category ON user_profile (category);
CREATE INDEX idx_user_profile_source ON user_profile (source);
`;
