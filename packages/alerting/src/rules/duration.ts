const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `500ms`, `10s`, `1.5h`; `undefined` for any other text. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * UNIT_MS[match[2]!]!;
}

/** The shortest text that both {@link parseDuration} and Prometheus read as so many milliseconds, in whole units. */
export function durationText(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    const count = ms / UNIT_MS[unit]!;
    if (count >= 1 && Number.isInteger(count)) return `${count}${unit}`;
  }
  return ms === 0 ? '0s' : `${Math.round(ms)}ms`;
}
