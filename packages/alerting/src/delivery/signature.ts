import { createHmac, timingSafeEqual } from 'node:crypto';

/** Header with the time and signature of a webhook's message: `t=<Unix seconds>,v1=<hex>`. */
export const SIGNATURE_HEADER = 'x-nanometer-signature';

/** The header's value: HMAC-SHA256 over `<seconds>.<body>`, so that an old message cannot be sent as a new one. */
export function signatureOf(secret: string, body: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  return `t=${seconds},v1=${digest(secret, seconds, body)}`;
}

/** Whether a header was made with the secret for this body, at most `toleranceMs` ago (default five minutes). */
export function verifySignature(
  secret: string,
  body: string,
  header: string | undefined,
  nowMs: number,
  toleranceMs: number = 300_000,
): boolean {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? '');
  if (match === null) return false;
  const seconds = Number(match[1]);
  if (Math.abs(nowMs - seconds * 1000) > toleranceMs + 1000) return false;
  return timingSafeEqual(Buffer.from(digest(secret, seconds, body), 'hex'), Buffer.from(match[2]!, 'hex'));
}

function digest(secret: string, seconds: number, body: string): string {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
}
