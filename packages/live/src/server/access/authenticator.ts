import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { LiveError } from '../../protocol/errors.ts';
import type { LiveClock } from '../../protocol/clock.ts';
import { OPEN_GRANT } from './grant.ts';
import type { Grant } from './grant.ts';

/** A secret that lets its bearer in, and what it lets them see. */
export interface LiveToken extends Grant {
  /** At least 16 characters. */
  readonly token: string;
}

/** How long a ticket may be used. */
export const TICKET_LIFE_MS = 30_000;
/** Characters of the shortest token. */
export const TOKEN_LENGTH_LEAST = 16;

/** Knows who may connect: by a token, or by a ticket that was given for one. */
export class Authenticator {
  readonly #tokens: readonly { readonly digest: Buffer; readonly grant: Grant }[] | undefined;
  readonly #clock: LiveClock;
  readonly #ticketsLimit: number;
  /** By digest of the ticket, oldest first. */
  readonly #tickets = new Map<string, { readonly grant: Grant; readonly endsAtMs: number }>();

  /** @throws LiveError `invalid_option`. */
  constructor(tokens: readonly LiveToken[] | undefined, clock: LiveClock, ticketsLimit: number) {
    this.#tokens = tokens?.map(({ token, ...grant }, index) => {
      if (token.length < TOKEN_LENGTH_LEAST) {
        // Without the token itself: messages end up in logs.
        const text = `tokens[${index}].token has ${token.length} characters, expected at least ${TOKEN_LENGTH_LEAST}`;
        throw new LiveError('invalid_option', text);
      }
      return { digest: digestOf(token), grant };
    });
    if (this.#tokens?.length === 0)
      throw new LiveError('invalid_option', 'tokens is empty; leave it out to let everyone in');
    this.#clock = clock;
    this.#ticketsLimit = ticketsLimit;
  }

  /** Whether a connection needs a token or ticket at all. */
  get isRequired(): boolean {
    return this.#tokens !== undefined;
  }

  /** What the bearer of an `Authorization` header may see; undefined when nothing. */
  ofHeader(header: string | undefined): Grant | undefined {
    if (this.#tokens === undefined) return OPEN_GRANT;
    const presented = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
    if (presented === undefined) return undefined;
    // Of digests, and of all of them: the time taken says nothing of the tokens.
    const digest = digestOf(presented);
    let found: Grant | undefined;
    for (const token of this.#tokens) if (timingSafeEqual(token.digest, digest)) found = token.grant;
    return found;
  }

  /** A ticket that opens one connection within 30 s; undefined when too many are out. */
  issue(grant: Grant): string | undefined {
    const nowMs = this.#clock.monotonic();
    for (const [key, { endsAtMs }] of this.#tickets) {
      if (endsAtMs > nowMs) break;
      this.#tickets.delete(key);
    }
    if (this.#tickets.size >= this.#ticketsLimit) return undefined;
    const ticket = randomBytes(32).toString('base64url');
    this.#tickets.set(digestOf(ticket).toString('hex'), { grant, endsAtMs: nowMs + TICKET_LIFE_MS });
    return ticket;
  }

  /** Uses a ticket up. */
  redeem(ticket: string): Grant | undefined {
    // Found by its digest: a lookup's time says nothing of the tickets that are out.
    const key = digestOf(ticket).toString('hex');
    const found = this.#tickets.get(key);
    this.#tickets.delete(key);
    return found !== undefined && found.endsAtMs > this.#clock.monotonic() ? found.grant : undefined;
  }
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
