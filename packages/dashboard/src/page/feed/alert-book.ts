/** A person who deals with an alert, or has put it aside, until when. */
export interface AlertMark {
  readonly by: string;
  readonly atMs: number;
  readonly untilMs?: number;
  readonly comment?: string;
}

/** An alert as the bridge lists it. */
export interface AlertRow {
  readonly fingerprint: string;
  readonly rule: string;
  readonly severity: string;
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value?: number;
  readonly threshold?: number;
  readonly activeAtMs: number;
  readonly startsAtMs?: number;
  readonly endsAtMs?: number;
  readonly acknowledgement?: AlertMark;
  readonly shelf?: AlertMark;
  readonly suppressedBy?: string;
}

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

const SEVERITIES: readonly string[] = ['critical', 'warning'];

/** Place of an alert in the rail: what fires before what may, the worst and the newest first, what is dealt with last. */
function order(a: AlertRow, b: AlertRow): number {
  const rank = (row: AlertRow): number => {
    const severity = SEVERITIES.indexOf(row.severity);
    return (
      (severity < 0 ? SEVERITIES.length : severity) + (isHandled(row) ? 10 : 0) + (row.state === 'firing' ? 0 : 100)
    );
  };
  return rank(a) - rank(b) || (b.startsAtMs ?? b.activeAtMs) - (a.startsAtMs ?? a.activeAtMs);
}

/** Whether somebody deals with it, or nobody is to be bothered by it. */
export function isHandled(row: AlertRow): boolean {
  return row.acknowledgement !== undefined || row.shelf !== undefined || row.suppressedBy !== undefined;
}

/** The alerts the bridge knows, and what a person can say about them. */
export class AlertBook {
  readonly #base: string;
  readonly #fetch: Fetch;
  #active: readonly AlertRow[] = [];
  #ended: readonly AlertRow[] = [];
  #revision = 0;
  #known = false;
  #total = 0;

  /** @param base - address of the page, ending in a slash. */
  constructor(base: string, fetcher: Fetch = (url, init) => fetch(url, init)) {
    this.#base = base;
    this.#fetch = fetcher;
  }

  /** Pending and firing alerts, the most pressing first. */
  get active(): readonly AlertRow[] {
    return this.#active;
  }

  /** Alerts that ended, the latest first. */
  get ended(): readonly AlertRow[] {
    return this.#ended;
  }

  /** Alerts the bridge has beyond those it told the page. */
  get untold(): number {
    return Math.max(0, this.#total - this.#active.length - this.#ended.length);
  }

  /** Whether the bridge has told its alerts: one without rules never does. */
  get known(): boolean {
    return this.#known;
  }

  /** Counts changes. */
  get revision(): number {
    return this.#revision;
  }

  /** Takes a list over, as the event of the topic `alerts` and the API carry it; what has another form is left out. */
  take(body: unknown): void {
    const { alerts, total } = (body ?? {}) as { alerts?: unknown; total?: unknown };
    if (!Array.isArray(alerts)) return;
    const rows = alerts.filter(isRow);
    this.#active = rows.filter(({ state }) => state === 'firing' || state === 'pending').sort(order);
    this.#ended = rows
      .filter(({ state }) => state === 'resolved')
      .sort((a, b) => (b.endsAtMs ?? 0) - (a.endsAtMs ?? 0));
    this.#total = typeof total === 'number' ? total : rows.length;
    this.#known = true;
    this.#revision += 1;
  }

  /** Asks the bridge for its list: what was just done shows at once. Never rejects. */
  async #refresh(): Promise<void> {
    try {
      const response = await this.#fetch(`${this.#base}api/v1/alerts`);
      if (response.ok) this.take(await response.json());
    } catch {
      // The link's badge says already that the bridge is away.
    }
  }

  /** Says that somebody deals with an alert; resolves with what went wrong. */
  acknowledge(fingerprint: string, by: string): Promise<string | undefined> {
    return this.#post(fingerprint, 'acknowledge', { by });
  }

  /** Puts an alert aside for a time such as `1h`; resolves with what went wrong. */
  shelve(fingerprint: string, by: string, duration: string): Promise<string | undefined> {
    return this.#post(fingerprint, 'shelve', { by, for: duration });
  }

  async #post(fingerprint: string, verb: string, body: object): Promise<string | undefined> {
    try {
      const response = await this.#fetch(`${this.#base}api/v1/alerts/${fingerprint}/${verb}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) {
        const answer = (await response.json().catch(() => ({}))) as { error?: string };
        return answer.error ?? `the bridge answered ${response.status}`;
      }
    } catch {
      return 'the bridge cannot be reached; nothing was changed';
    }
    await this.#refresh();
    return undefined;
  }
}

function isRow(row: unknown): row is AlertRow {
  const { fingerprint, rule, severity, state, labels } = (row ?? {}) as Record<string, unknown>;
  return [fingerprint, rule, severity, state].every((text) => typeof text === 'string') && typeof labels === 'object';
}
