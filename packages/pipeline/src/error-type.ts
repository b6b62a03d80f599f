import { OTHER_ERROR } from './stage.ts';

/**
 * The low-cardinality class of something thrown: the `code` of Node's system errors (`ECONNRESET`), else the error's
 * `name`, else `_OTHER`. Never the message. Never throws, not even on an error whose getters do.
 */
export function errorTypeOf(thrown: unknown): string {
  try {
    if (typeof thrown !== 'object' || thrown === null) return OTHER_ERROR;
    const { code, name } = thrown as { code?: unknown; name?: unknown };
    if (typeof code === 'string' && code !== '') return code;
    return typeof name === 'string' && name !== '' ? name : OTHER_ERROR;
  } catch {
    // A thrown value may be anything, a revoked proxy included; it must reach the caller as it is.
    return OTHER_ERROR;
  }
}
