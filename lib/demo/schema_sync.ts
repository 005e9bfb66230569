/** Tables of synchronization, Slack, and the signals found in all of it. */
export const SCHEMA_SYNC = `
CREATE TABLE pipeline_runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  started_at TEXT NOT NULL DEFAULT (datetime('now')),
  completed_at TEXT,
  status TEXT NOT NULL DEFAULT 'running'
    CHECK (status IN ('running', 'completed', 'failed', 'partial')),
  trigger TEXT DEFAULT 'manual',
  duration_seconds REAL,
  summary TEXT,
  created_at TEXT NOT NULL DEFAULT (datetime('now'))
);
CREATE INDEX idx_pipeline_runs_status ON pipeline_runs (status);

CREATE TABLE google_accounts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL,
  display_name TEXT,
  token_file TEXT NOT NULL,
  is_primary INTEGER NOT NULL DEFAULT 0,
  connected_at TEXT NOT NULL DEFAULT (datetime('now')),
  last_synced_at TEXT,
  status TEXT NOT NULL DEFAULT 'active'
    CHECK (status IN ('active', 'disconnected', 'error'))
);

CREATE TABLE pipeline_phases (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES pipeline_runs (id),
  phase TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'running', 'completed', 'failed', 'skipped')),
  started_at TEXT,
  completed_at TEXT,
  duration_seconds REAL,
  result TEXT,
  error TEXT,
  created_at TEXT NOT NULL DEFAULT (datetime('now'))
);
CREATE INDEX idx_pipeline_phases_run_id ON pipeline_phases (run_id);

CREATE TABLE health_checks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  check_type TEXT NOT NULL,
  status TEXT NOT NULL
    CHECK (status IN ('ok', 'warning', 'repaired', 'failed')),
  details TEXT,
  created_at TEXT NOT NULL DEFAULT (datetime('now'))
);
CREATE INDEX idx_health_checks_check_type ON health_checks (check_type);
CREATE INDEX idx_health_checks_created_at ON health_checks (created_at);

CREATE TABLE slack_messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  slack_message_id TEXT NOT NULL UNIQUE,
  channel_id TEXT NOT NULL,
  channel_name TEXT,
  sender_id TEXT,
  sender_name TEXT,
  content TEXT,
  thread_ts TEXT,
  is_thread_parent INTEGER DEFAULT 0,
  contact_id INTEGER REFERENCES contacts (id),
  received_at TEXT NOT NULL,
  synced_at TEXT DEFAULT (datetime('now'))
);
CREATE INDEX idx_slack_messages_contact_id ON slack_messages (contact_id);
CREATE INDEX idx_slack_messages_channel_id ON slack_messages (channel_id);
CREATE INDEX idx_slack_messages_received_at ON slack_messages (received_at);

CREATE TABLE slack_channels (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  slack_channel_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  is_dm INTEGER DEFAULT 0,
  is_monitored INTEGER DEFAULT 1,
  last_synced_at TEXT
);

CREATE TABLE signals (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  signal_key TEXT NOT NULL UNIQUE,
  signal_type TEXT NOT NULL,
  signal_class TEXT NOT NULL,
  entity_type TEXT,
  entity_id INTEGER,
  entity_name TEXT,
  title TEXT NOT NULL,
  detail TEXT,
  source_ref TEXT,
  urgency REAL NOT NULL DEFAULT 0,
  importance REAL NOT NULL DEFAULT 0,
  novelty REAL NOT NULL DEFAULT 1,
  score REAL NOT NULL DEFAULT 0,
  status TEXT NOT NULL DEFAULT 'new',
  first_seen TEXT NOT NULL DEFAULT (datetime('now')),
  last_detected TEXT NOT NULL DEFAULT (datetime('now')),
  last_surfaced TEXT,
  surfaced_count INTEGER NOT NULL DEFAULT 0,
  snooze_until TEXT,
  feedback TEXT,
  resolved_at TEXT,
  created_at TEXT NOT NULL DEFAULT (datetime('now')),
  updated_at TEXT NOT NULL DEFAULT (datetime('now'))
);
CREATE INDEX idx_signals_status ON signals (status);
CREATE INDEX idx_signals_score ON signals (score);
CREATE INDEX idx_signals_signal_type ON signals (signal_type);

CREATE TABLE entity_narratives (
  contact_id INTEGER PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE,
  relationship_context TEXT,
  company_intel TEXT,
  discovery_questions TEXT,
  next_action TEXT,
  generated_at TEXT,
  data_fingerprint TEXT,
  updated_at TEXT NOT NULL DEFAULT (datetime('now'))
);
`;
