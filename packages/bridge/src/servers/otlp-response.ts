/** A full disk is not emptied sooner by asking more often. */
export const RETRY_AFTER_SECONDS = 1;

/** Bytes of an ExportMetricsServiceResponse: empty, or with `partial_success` when points were refused. */
export function exportResponse(refusedCount: number, message: string): Buffer {
  if (refusedCount === 0) return Buffer.alloc(0);
  // ExportMetricsPartialSuccess { int64 rejected_data_points = 1; string error_message = 2; }
  const inner = Buffer.concat([Buffer.from([0x08]), varint(refusedCount), text(2, message)]);
  return Buffer.concat([Buffer.from([0x0a]), varint(inner.length), inner]);
}

/** The same as JSON. */
export function exportResponseJson(refusedCount: number, message: string): Buffer {
  if (refusedCount === 0) return Buffer.from('{}');
  // 64-bit integers are text in protobuf's JSON.
  return Buffer.from(
    JSON.stringify({ partialSuccess: { rejectedDataPoints: String(refusedCount), errorMessage: message } }),
  );
}

/** Bytes of a google.rpc.Status, the body of an OTLP/HTTP error. */
export function rpcStatus(code: number, message: string): Buffer {
  return Buffer.concat([Buffer.from([0x08]), varint(code), text(2, message)]);
}

/** Bytes of the same with a google.rpc.RetryInfo, which asks a gRPC client to wait {@link RETRY_AFTER_SECONDS}. */
export function retryStatus(code: number, message: string): Buffer {
  // RetryInfo { Duration retry_delay = 1 { int64 seconds = 1; } }, in an Any { string type_url = 1; bytes value = 2; }
  const info = bytesField(1, Buffer.concat([Buffer.from([0x08]), varint(RETRY_AFTER_SECONDS)]));
  const any = Buffer.concat([text(1, 'type.googleapis.com/google.rpc.RetryInfo'), bytesField(2, info)]);
  return Buffer.concat([rpcStatus(code, message), bytesField(3, any)]);
}

function text(field: number, value: string): Buffer {
  return bytesField(field, Buffer.from(value, 'utf8'));
}

function bytesField(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
