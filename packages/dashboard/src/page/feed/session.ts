import { LiveError } from '@nanometer/live/client';

const KEY = 'nanometer.token';
/** Offered to a bridge that asks for none, whatever it is. */
const NO_TICKET = 'none';

/** Whose token it is, as the bridge calls them, and whether they see every series. */
export interface Reader {
  readonly name: string;
  readonly sees: 'everything' | 'part';
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;
type Answer = { readonly ticket: string | undefined } | { readonly problem: string; readonly isRefused: boolean };

/** Where a token lies while the tab is open. */
export interface TokenPlace {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/**
 * The reader's token: kept for this tab and nowhere else, sent in a header to the bridge and nowhere else, and traded for a
 * ticket before each connection, since a page cannot send it with a WebSocket.
 */
export class Session {
  readonly #ticketUrl: string;
  readonly #fetch: Fetch;
  readonly #place: TokenPlace | undefined;
  #token: string | undefined;
  #reader: Reader | undefined;
  /** The ticket that came with signing in, for the connection that follows. */
  #spare: string | undefined;

  /**
   * @param ticketUrl - where the bridge gives tickets.
   * @param place - keeps the token over a reload; absent in browsers that keep nothing.
   */
  constructor(ticketUrl: string, place: TokenPlace | undefined, fetcher: Fetch = (url, init) => fetch(url, init)) {
    this.#ticketUrl = ticketUrl;
    this.#fetch = fetcher;
    this.#place = place;
    this.#token = place?.getItem(KEY) ?? undefined;
  }

  /** Whether there is a token to try. */
  get hasToken(): boolean {
    return this.#token !== undefined;
  }

  /** Known once the bridge has taken the token. */
  get reader(): Reader | undefined {
    return this.#reader;
  }

  /** Headers for the bridge's other interfaces. */
  headers(): Readonly<Record<string, string>> {
    return this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
  }

  /** Tries a token and keeps it when the bridge takes it; resolves with what is wrong with it. Never rejects. */
  async signIn(text: string): Promise<string | undefined> {
    const token = text.trim();
    // What a header cannot carry is no token; a copied line end is no part of one.
    if (!/^[\x21-\x7e]+$/.test(token)) return 'That is no token: it has letters, digits and signs without spaces.';
    const answer = await this.#trade(token);
    if ('problem' in answer) return answer.problem;
    this.#token = token;
    this.#spare = answer.ticket;
    this.#place?.setItem(KEY, token);
    return undefined;
  }

  /** Forgets the token. */
  signOut(): void {
    this.#token = undefined;
    this.#reader = undefined;
    this.#spare = undefined;
    this.#place?.removeItem(KEY);
  }

  /**
   * A ticket for one connection.
   *
   * @throws LiveError `unauthorized` when the bridge does not take the token, `connection_failed` when it does not answer.
   */
  async ticket(): Promise<string> {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined) return spare;
    const answer = await this.#trade(this.#token ?? '');
    if (!('problem' in answer)) return answer.ticket ?? NO_TICKET;
    throw new LiveError(answer.isRefused ? 'unauthorized' : 'connection_failed', answer.problem);
  }

  async #trade(token: string): Promise<Answer> {
    let response: Response;
    let body: unknown;
    try {
      response = await this.#fetch(this.#ticketUrl, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
      body = await response.json();
    } catch {
      return { problem: 'The bridge cannot be reached.', isRefused: false };
    }
    const { ticket, code, message, name, sees } = (body ?? {}) as Readonly<Record<string, unknown>>;
    if (response.ok && typeof ticket === 'string') {
      this.#reader = {
        name: typeof name === 'string' ? name : 'signed in',
        sees: sees === 'part' ? 'part' : 'everything',
      };
      return { ticket };
    }
    if (code === 'no_tickets') return { ticket: undefined };
    if (response.status === 401) return { problem: 'The bridge does not know this token.', isRefused: true };
    const why = typeof message === 'string' ? message : `it answered ${response.status}`;
    return { problem: `The bridge gives no ticket: ${why}.`, isRefused: false };
  }
}

/** The tab's own storage; `undefined` where a browser keeps nothing. */
export function tabStorage(): TokenPlace | undefined {
  try {
    return window.sessionStorage;
  } catch {
    return undefined;
  }
}
