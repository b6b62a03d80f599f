/** What TLS libraries say, and what a user can do about it. */
const ADVICE: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    /self-signed certificate|unable to (get|verify)|unable_to_|certificate signed by unknown/i,
    'the receiver’s certificate is of an authority that is not trusted here; give that authority’s certificate by tls.ca or OTEL_EXPORTER_OTLP_CERTIFICATE',
  ],
  [
    /altnames|hostname\/ip does not match/i,
    'the receiver’s certificate is for another name; use that name in the url, or have a certificate made for this one',
  ],
  [
    /alert (certificate required|bad certificate|unknown ca|certificate unknown|handshake failure)/i,
    'the receiver wants a client certificate that it trusts; give one by tls.cert and tls.key, or OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and …_CLIENT_KEY',
  ],
  [/wrong version number|packet length too long/i, 'the receiver does not speak TLS on this port; use http://'],
];

/** The error on one line, with what to do where that is known. */
export function withTlsAdvice(error: string): string {
  const line = error.replace(/\s+/g, ' ').trim();
  const known = ADVICE.find(([pattern]) => pattern.test(line));
  return known === undefined ? line : `${line}; ${known[1]}`;
}
