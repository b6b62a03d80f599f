import { HistoryError, type HistoryErrorCode } from '../errors.ts';
import type { History } from '../history.ts';
import { readRollupQuestion, readSeriesQuestion } from './read-question.ts';

/** What goes back to who asked over HTTP. */
export interface HistoryAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: Uint8Array;
}

const STATUS: Readonly<Record<HistoryErrorCode, number>> = {
  INVALID_OPTION: 500,
  SQLITE_MISSING: 404,
  FILE_IN_USE: 503,
  FILE_UNUSABLE: 503,
  INVALID_QUERY: 400,
  TOO_MANY_POINTS: 422,
  CLOSED: 503,
  READ_FAILED: 503,
};

/** Whether a path is one of the history's API. */
export function isHistoryPath(path: string): boolean {
  return path === '/api/v1/history' || path === '/api/v1/series';
}

/** Answers `GET /api/v1/history` and `GET /api/v1/series`; never rejects. `undefined` for a bridge that keeps no history. */
export async function answerHistoryRequest(
  history: History | undefined,
  url: string,
  nowMs: number,
): Promise<HistoryAnswer> {
  try {
    if (history === undefined) {
      return failure(404, 'HISTORY_OFF', 'this bridge keeps no history; start it with `nanometer up --history DIR`');
    }
    const { pathname, searchParams } = new URL(url, 'http://bridge');
    const body =
      pathname === '/api/v1/series'
        ? await history.seriesJson(readSeriesQuestion(searchParams))
        : await history.rollupsJson(readRollupQuestion(searchParams, nowMs, history.minutesFromMs));
    return { status: 200, body };
  } catch (error) {
    if (error instanceof HistoryError) return failure(STATUS[error.code], error.code, error.message);
    return failure(500, 'INTERNAL', error instanceof Error ? error.message : String(error));
  }
}

function failure(status: number, code: string, message: string): HistoryAnswer {
  return { status, body: Buffer.from(`${JSON.stringify({ error: { code, message } })}\n`) };
}
