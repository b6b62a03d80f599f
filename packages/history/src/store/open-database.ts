import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';
import { HistoryError } from '../errors.ts';
import { SCHEMA, SCHEMA_VERSION } from './schema.ts';

/** `node:sqlite`, as far as this Node.js has it. Throws `HistoryError` `SQLITE_MISSING`. */
export function sqlite(): typeof Sqlite {
  const found = process.getBuiltinModule('node:sqlite') as typeof Sqlite | undefined;
  if (found?.DatabaseSync !== undefined) return found;
  throw new HistoryError(
    'SQLITE_MISSING',
    `the history needs node:sqlite, which Node.js ${process.version} does not have here; use 22.13 or newer, without --no-experimental-sqlite`,
  );
}

/**
 * Opens the file, or makes it. Nobody else may have it open: two writers would count the same minute twice.
 *
 * WAL with `synchronous = NORMAL`: what is committed survives the end of the process; after a power cut the last commits may be
 * missing, but the file is whole.
 *
 * @throws HistoryError `SQLITE_MISSING`, `FILE_IN_USE`, `FILE_UNUSABLE`.
 */
export function openDatabase(path: string, sizeLimitBytes: number): DatabaseSync {
  const { DatabaseSync } = sqlite();
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;');
    database.exec('PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;');
    // Twice the limit: eviction keeps the file well below it, and should that fail, the disk is not filled.
    const pageBytes = Number(one(database, 'PRAGMA page_size'));
    database.exec(`PRAGMA max_page_count = ${Math.ceil((sizeLimitBytes * 2) / pageBytes)}`);
    // Takes the lock, which pragmas alone do not.
    database.exec('BEGIN IMMEDIATE');
    const version = Number(one(database, 'PRAGMA user_version'));
    if (version === 0) database.exec(SCHEMA);
    else if (version !== SCHEMA_VERSION) {
      const message = `${path} is a history of version ${version}, this is ${SCHEMA_VERSION}; choose another file`;
      throw new HistoryError('FILE_UNUSABLE', message);
    }
    database.exec('COMMIT');
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof HistoryError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    if (/locked|busy/.test(why)) {
      throw new HistoryError('FILE_IN_USE', `${path} is open in another process; give each bridge a file of its own`);
    }
    throw new HistoryError('FILE_UNUSABLE', `${path} cannot be used as a history: ${why}`);
  }
}

/** The one value that a statement gives. */
export function one(database: DatabaseSync, sql: string, ...values: (number | string)[]): unknown {
  const row = database.prepare(sql).get(...values);
  return row === undefined ? undefined : Object.values(row)[0];
}
