/** Tables of e-mail and calendar. */
export const SCHEMA_MAIL = `
CREATE TABLE emails (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  gmail_id TEXT UNIQUE,
  thread_id TEXT,
  contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
  direction TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound')),
  from_address TEXT NOT NULL,
  from_name TEXT,
  to_addresses TEXT,
  subject TEXT,
  snippet TEXT,
  body_preview TEXT,
  labels TEXT,
  is_read INTEGER NOT NULL DEFAULT 0,
  is_starred INTEGER NOT NULL DEFAULT 0,
  received_at TEXT NOT NULL,
  synced_at TEXT NOT NULL DEFAULT (datetime('now')),
  account_id INTEGER REFERENCES google_accounts (id)
);
CREATE INDEX idx_emails_contact_id ON emails (contact_id);
CREATE INDEX idx_emails_thread_id ON emails (thread_id);
CREATE INDEX idx_emails_received_at ON emails (received_at);
CREATE INDEX idx_emails_gmail_id ON emails (gmail_id);
CREATE INDEX idx_emails_from_address ON emails (from_address);
CREATE INDEX idx_emails_account_id ON emails (account_id);

CREATE TABLE calendar_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  google_event_id TEXT UNIQUE,
  calendar_id TEXT DEFAULT 'primary',
  title TEXT NOT NULL,
  description TEXT,
  location TEXT,
  start_time TEXT NOT NULL,
  end_time TEXT NOT NULL,
  all_day INTEGER NOT NULL DEFAULT 0,
  status TEXT DEFAULT 'confirmed'
    CHECK (status IN ('confirmed', 'tentative', 'cancelled')),
  attendees TEXT,
  contact_ids TEXT,
  project_id INTEGER REFERENCES projects (id) ON DELETE SET NULL,
  synced_at TEXT NOT NULL DEFAULT (datetime('now')),
  account_id INTEGER REFERENCES google_accounts (id)
);
CREATE INDEX idx_calendar_events_start_time ON calendar_events (start_time);
CREATE INDEX idx_calendar_events_google_event_id
  ON calendar_events (google_event_id);
CREATE INDEX idx_calendar_events_project_id ON calendar_events (project_id);
CREATE INDEX idx_calendar_events_account_id ON calendar_events (account_id);
`;
