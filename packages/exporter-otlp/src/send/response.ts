import { fieldsOf, MalformedMessage, varintAt } from '../request/fields.ts';

/** `partial_success` of an ExportMetricsServiceResponse; zero and empty when there is none. */
export interface PartialSuccess {
  readonly rejectedPoints: number;
  readonly message: string;
}

const NONE: PartialSuccess = { rejectedPoints: 0, message: '' };
/** Beyond any request: such a count is a negative one. */
const MOST = 2 ** 53;

/** Reads an ExportMetricsServiceResponse, or `undefined` when the bytes are none. */
export function readResponse(bytes: Uint8Array): PartialSuccess | undefined {
  try {
    let result = NONE;
    for (const field of fieldsOf(bytes, 0, bytes.length)) {
      if (field.number === 1 && field.isMessage) result = readPartialSuccess(bytes, field.valueFrom, field.to);
    }
    return result;
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
}

function readPartialSuccess(bytes: Uint8Array, from: number, to: number): PartialSuccess {
  let rejectedPoints = 0;
  let message = '';
  for (const field of fieldsOf(bytes, from, to)) {
    if (field.number === 1 && !field.isMessage) {
      const { value } = varintAt(bytes, field.valueFrom, field.to);
      rejectedPoints = value < MOST ? value : 0;
    } else if (field.number === 2 && field.isMessage) {
      message = Buffer.from(bytes.subarray(field.valueFrom, field.to)).toString('utf8');
    }
  }
  return { rejectedPoints, message };
}

/** The same of JSON, which some receivers answer whatever they were asked. */
export function readJsonResponse(text: string): PartialSuccess | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { partialSuccess } = parsed as { partialSuccess?: { rejectedDataPoints?: unknown; errorMessage?: unknown } };
  const rejected = Number(partialSuccess?.rejectedDataPoints ?? 0);
  return {
    rejectedPoints: rejected > 0 && rejected < MOST ? rejected : 0,
    message: typeof partialSuccess?.errorMessage === 'string' ? partialSuccess.errorMessage : '',
  };
}

/** `google.rpc.Status` → the delay of its RetryInfo in milliseconds. */
export function readRetryDelay(status: Uint8Array): number | undefined {
  try {
    for (const detail of fieldsOf(status, 0, status.length)) {
      if (detail.number !== 3 || !detail.isMessage) continue;
      const delay = delayOfAny(status, detail.valueFrom, detail.to);
      if (delay !== undefined) return delay;
    }
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
  }
  return undefined;
}

function delayOfAny(bytes: Uint8Array, from: number, to: number): number | undefined {
  let isRetryInfo = false;
  let delay: number | undefined;
  for (const field of fieldsOf(bytes, from, to)) {
    const text = (): string => Buffer.from(bytes.subarray(field.valueFrom, field.to)).toString('utf8');
    if (field.number === 1 && field.isMessage) isRetryInfo = text().endsWith('/google.rpc.RetryInfo');
    if (field.number === 2 && field.isMessage) delay = durationOf(bytes, field.valueFrom, field.to);
  }
  return isRetryInfo ? (delay ?? 0) : undefined;
}

/** RetryInfo { Duration retry_delay = 1 { seconds = 1, nanos = 2 } }. */
function durationOf(bytes: Uint8Array, from: number, to: number): number {
  let millis = 0;
  for (const duration of fieldsOf(bytes, from, to)) {
    if (duration.number !== 1 || !duration.isMessage) continue;
    for (const part of fieldsOf(bytes, duration.valueFrom, duration.to)) {
      if (part.isMessage) continue;
      const { value } = varintAt(bytes, part.valueFrom, part.to);
      if (value < MOST) millis += part.number === 1 ? value * 1000 : value / 1e6;
    }
  }
  return millis;
}
