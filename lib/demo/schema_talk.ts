/** Tables of transcripts and of what was learned from them. */
export const SCHEMA_TALK = `
CREATE TABLE transcripts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT,
  source TEXT DEFAULT 'paste',
  raw_text TEXT NOT NULL,
  summary TEXT,
  duration_minutes INTEGER,
  occurred_at TEXT NOT NULL,
  processed_at TEXT,
  created_at TEXT DEFAULT (datetime('now')),
  updated_at TEXT DEFAULT (datetime('now')),
  call_intelligence TEXT,
  source_email_id INTEGER REFERENCES emails (id),
  source_calendar_event_id INTEGER REFERENCES calendar_events (id),
  source_doc_id TEXT
);
CREATE INDEX idx_transcripts_occurred_at ON transcripts (occurred_at);

CREATE TABLE transcript_participants (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  transcript_id INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
  contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
  speaker_label TEXT NOT NULL,
  is_user INTEGER DEFAULT 0,
  created_at TEXT DEFAULT (datetime('now'))
);
CREATE INDEX idx_transcript_participants_transcript_id
  ON transcript_participants (transcript_id);
CREATE INDEX idx_transcript_participants_contact_id
  ON transcript_participants (contact_id);

CREATE TABLE commitments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  transcript_id INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
  owner_contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
  is_user_commitment INTEGER DEFAULT 0,
  description TEXT NOT NULL,
  deadline_mentioned TEXT,
  deadline_date TEXT,
  status TEXT DEFAULT 'open'
    CHECK (status IN ('open', 'completed', 'overdue', 'cancelled')),
  linked_task_id INTEGER,
  linked_project_id INTEGER,
  completed_at TEXT,
  created_at TEXT DEFAULT (datetime('now')),
  updated_at TEXT DEFAULT (datetime('now'))
);
CREATE INDEX idx_commitments_transcript_id ON commitments (transcript_id);
CREATE INDEX idx_commitments_owner_contact_id ON commitments (owner_contact_id);
CREATE INDEX idx_commitments_status ON commitments (status);
CREATE INDEX idx_commitments_linked_task_id ON commitments (linked_task_id);
CREATE INDEX idx_commitments_linked_project_id
  ON commitments (linked_project_id);

CREATE TABLE conversation_metrics (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  transcript_id INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
  contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
  talk_ratio REAL,
  word_count INTEGER,
  question_count INTEGER,
  interruption_count INTEGER,
  longest_monologue_seconds INTEGER,
  created_at TEXT DEFAULT (datetime('now'))
);
CREATE INDEX idx_conversation_metrics_transcript_id
  ON conversation_metrics (transcript_id);
CREATE INDEX idx_conversation_metrics_contact_id
  ON conversation_metrics (contact_id);

CREATE TABLE communication_insights (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  transcript_id INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
  contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
  insight_type TEXT NOT NULL
    CHECK (insight_type IN ('relationship_pulse', 'coach_note',
      'pattern_alert')),
  content TEXT NOT NULL,
  data_points TEXT,
  sentiment TEXT
    CHECK (sentiment IN ('positive', 'neutral', 'needs_attention')),
  created_at TEXT DEFAULT (datetime('now'))
);
CREATE INDEX idx_communication_insights_transcript_id
  ON communication_insights (transcript_id);
CREATE INDEX idx_communication_insights_contact_id
  ON communication_insights (contact_id);
CREATE INDEX idx_communication_insights_insight_type
  ON communication_insights (insight_type);

CREATE TABLE relationship_scores (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  score_date TEXT NOT NULL,
  meeting_frequency REAL,
  talk_ratio_avg REAL,
  commitment_follow_through REAL,
  topic_diversity REAL,
  relationship_depth TEXT
    CHECK (relationship_depth IN ('transactional', 'professional',
      'collaborative', 'trusted')),
  trajectory TEXT
    CHECK (trajectory IN ('strengthening', 'stable', 'cooling', 'at_risk')),
  notes TEXT,
  created_at TEXT DEFAULT (datetime('now')),
  commitment_follow_through_inbound REAL
);
CREATE INDEX idx_relationship_scores_contact_id
  ON relationship_scores (contact_id);
CREATE INDEX idx_relationship_scores_score_date
  ON relationship_scores (score_date);
`;
