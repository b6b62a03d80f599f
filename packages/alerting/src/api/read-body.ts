import { parseDuration } from '../rules/duration.ts';

/** A request that is not taken, with the HTTP status that says why. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Content = Readonly<Record<string, unknown>>;

const TEXT_MAX = 1000;
const MATCHERS_MAX = 32;

/** The body as an object. */
export function parsedBody(body: string): Content {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    throw new ApiError(400, 'the body is no JSON');
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ApiError(400, 'the body must be a JSON object');
  }
  return content as Content;
}

/** Who does it: not empty. */
export function name(content: Content, key: string): string {
  const text = optionalText(content, key).trim();
  if (text === '') throw new ApiError(400, `"${key}" is missing: who does this`);
  return text;
}

export function optionalText(content: Content, key: string): string {
  const value = content[key] ?? '';
  if (typeof value !== 'string') throw new ApiError(400, `"${key}" must be a text`);
  if (value.length > TEXT_MAX) throw new ApiError(400, `"${key}" is longer than ${TEXT_MAX} characters`);
  return value;
}

/** Milliseconds of a duration such as `30m`, above 0. */
export function duration(content: Content, key: string): number | undefined {
  if (content[key] === undefined) return undefined;
  const ms = parseDuration(optionalText(content, key));
  if (!ms) throw new ApiError(400, `"${key}" must be a duration above 0, such as "30m"`);
  return ms;
}

/** Unix milliseconds of an ISO 8601 time. */
export function time(content: Content, key: string): number | undefined {
  if (content[key] === undefined) return undefined;
  const ms = Date.parse(optionalText(content, key));
  if (Number.isNaN(ms)) throw new ApiError(400, `"${key}" must be a time such as "2026-01-31T12:00:00Z"`);
  return ms;
}

/** Labels that must all be there; at least one, so that nobody silences everything by accident. */
export function record(content: Content, key: string): Record<string, string> {
  const value = content[key];
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  if (entries.length === 0 || entries.length > MATCHERS_MAX || !entries.every(([, text]) => typeof text === 'string')) {
    throw new ApiError(400, `"${key}" must be an object of 1 to ${MATCHERS_MAX} labels and their values`);
  }
  return Object.fromEntries(entries) as Record<string, string>;
}
