/**
 * Classes of ccxt's error hierarchy, most of which other clients' errors can be told by as well. Nothing else becomes an
 * attribute: a message carries ids and amounts.
 */
const CLASSES: ReadonlySet<string> = new Set([
  'AccountNotEnabled',
  'AccountSuspended',
  'ArgumentsRequired',
  'AuthenticationError',
  'BadRequest',
  'BadResponse',
  'BadSymbol',
  'CancelPending',
  'ChecksumError',
  'ContractUnavailable',
  'DDoSProtection',
  'DuplicateOrderId',
  'ExchangeClosedByUser',
  'ExchangeError',
  'ExchangeNotAvailable',
  'InsufficientFunds',
  'InvalidAddress',
  'InvalidNonce',
  'InvalidOrder',
  'InvalidProxySettings',
  'ManualInteractionNeeded',
  'MarginModeAlreadySet',
  'MarketClosed',
  'NetworkError',
  'NoChange',
  'NotSupported',
  'NullResponse',
  'OnMaintenance',
  'OperationFailed',
  'OperationRejected',
  'OrderImmediatelyFillable',
  'OrderNotCached',
  'OrderNotFillable',
  'OrderNotFound',
  'PermissionDenied',
  'RateLimitExceeded',
  'RequestTimeout',
  'RestrictedLocation',
  'UnsubscribeError',
]);

const BY_STATUS: ReadonlyMap<number, string> = new Map([
  [400, 'BadRequest'],
  [401, 'AuthenticationError'],
  [403, 'PermissionDenied'],
  [408, 'RequestTimeout'],
  [418, 'DDoSProtection'],
  [429, 'RateLimitExceeded'],
  [451, 'RestrictedLocation'],
  [502, 'ExchangeNotAvailable'],
  [503, 'ExchangeNotAvailable'],
  [504, 'RequestTimeout'],
]);

const BY_CODE: ReadonlyMap<string, string> = new Map([
  ['ETIMEDOUT', 'RequestTimeout'],
  ['ESOCKETTIMEDOUT', 'RequestTimeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'RequestTimeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'RequestTimeout'],
  ['UND_ERR_BODY_TIMEOUT', 'RequestTimeout'],
  ['ABORT_ERR', 'RequestTimeout'],
  ['ECONNABORTED', 'RequestTimeout'],
  ['ECONNREFUSED', 'NetworkError'],
  ['ECONNRESET', 'NetworkError'],
  ['EPIPE', 'NetworkError'],
  ['ENOTFOUND', 'NetworkError'],
  ['EAI_AGAIN', 'NetworkError'],
  ['UND_ERR_SOCKET', 'NetworkError'],
]);

/** Deeper than any hierarchy of errors; an object's prototypes may be a proxy's. */
const DEPTH_MAX = 16;

/**
 * The class of an error in ccxt's words, for `errorType`: by its own class or the nearest ancestor that is known, else by
 * HTTP status (`status`, `statusCode`, `response.status`) or the system's code; `_OTHER` for the rest. Reads no message.
 * Never throws.
 */
export function errorClassOf(error: unknown): string {
  try {
    return byPrototype(error) ?? byStatus(error) ?? byCode(error) ?? '_OTHER';
  } catch {
    // The object is the caller's: what its getters throw must not come back out of telemetry.
    return '_OTHER';
  }
}

function byPrototype(error: unknown): string | undefined {
  let prototype: unknown = typeof error === 'object' && error !== null ? Object.getPrototypeOf(error) : undefined;
  for (let depth = 0; depth < DEPTH_MAX && typeof prototype === 'object' && prototype !== null; depth++) {
    const { constructor } = prototype as { constructor?: { name?: unknown } };
    const name = constructor?.name;
    if (typeof name === 'string' && CLASSES.has(name)) return name;
    prototype = Object.getPrototypeOf(prototype);
  }
  // Some clients name plain errors.
  const { name } = (error ?? {}) as { name?: unknown };
  if (name === 'TimeoutError' || name === 'AbortError') return 'RequestTimeout';
  return typeof name === 'string' && CLASSES.has(name) ? name : undefined;
}

function byStatus(error: unknown): string | undefined {
  const { status, statusCode, response } = (error ?? {}) as Readonly<Record<string, unknown>>;
  const nested = (response as { readonly status?: unknown } | null | undefined)?.status;
  for (const value of [status, statusCode, nested]) {
    if (typeof value !== 'number') continue;
    const found = BY_STATUS.get(value) ?? (value >= 500 && value < 600 ? 'ExchangeNotAvailable' : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function byCode(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  const own = typeof code === 'string' ? BY_CODE.get(code) : undefined;
  if (own !== undefined) return own;
  // fetch wraps what went wrong in a TypeError.
  const { code: inner } = (cause ?? {}) as { code?: unknown };
  return typeof inner === 'string' ? BY_CODE.get(inner) : undefined;
}
