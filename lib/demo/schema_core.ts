/** Tables of the installation, of contacts, and of what hangs on any entity. */
export const SCHEMA_CORE = `
CREATE TABLE schema_migrations (
  filename TEXT PRIMARY KEY,
  checksum TEXT,
  applied_at TEXT
);

CREATE TABLE soy_meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  updated_at TEXT NOT NULL DEFAULT (datetime('now'))
);

CREATE TABLE contacts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  email TEXT,
  phone TEXT,
  company TEXT,
  role TEXT,
  type TEXT NOT NULL DEFAULT 'individual'
    CHECK (type IN ('individual', 'company')),
  status TEXT NOT NULL DEFAULT 'active'
    CHECK (status IN ('active', 'inactive', 'archived')),
  notes TEXT,
  created_at TEXT NOT NULL DEFAULT (datetime('now')),
  updated_at TEXT NOT NULL DEFAULT (datetime('now')),
  slug TEXT
);
CREATE INDEX idx_contacts_name ON contacts (name);
CREATE INDEX idx_contacts_company ON contacts (company);
CREATE INDEX idx_contacts_status ON contacts (status);
CREATE INDEX idx_contacts_slug ON contacts (slug);

CREATE TABLE tags (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  color TEXT DEFAULT '#6b7280',
  category TEXT
);

CREATE TABLE entity_tags (
  entity_type TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
  PRIMARY KEY (entity_type, entity_id, tag_id)
);
CREATE INDEX idx_entity_tags_entity_type_entity_id
  ON entity_tags (entity_type, entity_id);

CREATE TABLE notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_type TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  content TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (datetime('now'))
);
CREATE INDEX idx_notes_entity_type_entity_id ON notes (entity_type, entity_id);

CREATE TABLE activity_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_type TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  action TEXT NOT NULL,
  details TEXT,
  created_at TEXT NOT NULL DEFAULT (datetime('now'))
);
CREATE INDEX idx_activity_log_entity_type_entity_id
  ON activity_log (entity_type, entity_id);
CREATE INDEX idx_activity_log_created_at ON activity_log (created_at);

CREATE TABLE modules (
  name TEXT PRIMARY KEY,
  version TEXT NOT NULL,
  installed_at TEXT NOT NULL DEFAULT (datetime('now')),
  enabled INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE generated_views (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  view_type TEXT NOT NULL,
  entity_type TEXT,
  entity_id INTEGER,
  entity_name TEXT,
  filename TEXT NOT NULL UNIQUE,
  generated_at TEXT NOT NULL DEFAULT (datetime('now')),
  updated_at TEXT NOT NULL DEFAULT (datetime('now'))
);
CREATE INDEX idx_generated_views_view_type ON generated_views (view_type);
CREATE INDEX idx_generated_views_entity_type_entity_id
  ON generated_views (entity_type, entity_id);
`;
