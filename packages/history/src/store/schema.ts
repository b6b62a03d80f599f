/** Version of the tables below, kept as `user_version`. */
export const SCHEMA_VERSION = 1;

/**
 * `at` is the span's number since 1970, in minutes or hours. Rows lie by series, as they are asked for; the index by time finds
 * the oldest, which go first. A stream's latest state stands in its series' row and changes in the same transaction as the
 * rollups it led to.
 */
export const SCHEMA: string = `
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  identity TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  start_ms REAL, time_ms REAL, total REAL, total_sum REAL, buckets BLOB
);
CREATE INDEX series_name ON series (name);
${['minute', 'hour']
  .map(
    (table) => `
CREATE TABLE ${table} (
  series INTEGER NOT NULL, at INTEGER NOT NULL,
  count REAL NOT NULL, min REAL, max REAL, sum REAL, last REAL NOT NULL, last_sum REAL, last_ms REAL NOT NULL, buckets BLOB,
  PRIMARY KEY (series, at)
) WITHOUT ROWID;
CREATE INDEX ${table}_at ON ${table} (at);`,
  )
  .join('')}
CREATE TABLE mark (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Merges a part into its span's row, whatever order parts come in. `:` stands for minute or hour. */
export const MERGE_PART = `
INSERT INTO : (series, at, count, min, max, sum, last, last_sum, last_ms, buckets)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (series, at) DO UPDATE SET
  count = count + excluded.count,
  min = CASE WHEN excluded.count = 0 THEN min WHEN count = 0 THEN excluded.min ELSE min(min, excluded.min) END,
  max = CASE WHEN excluded.count = 0 THEN max WHEN count = 0 THEN excluded.max ELSE max(max, excluded.max) END,
  sum = sum + excluded.sum,
  last = CASE WHEN excluded.last_ms >= last_ms THEN excluded.last ELSE last END,
  last_sum = CASE WHEN excluded.last_ms >= last_ms THEN excluded.last_sum ELSE last_sum END,
  buckets = CASE WHEN excluded.buckets IS NULL THEN buckets WHEN buckets IS NULL THEN excluded.buckets
    ELSE sum_of_buckets(buckets, excluded.buckets) END,
  last_ms = max(last_ms, excluded.last_ms)`;

export const KEEP_STATE = `
UPDATE series SET start_ms = ?, time_ms = ?, total = ?, total_sum = ?, buckets = ? WHERE id = ?`;

export const ADD_SERIES = `
INSERT INTO series (id, identity, name, description) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`;
