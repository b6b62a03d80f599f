import { isSocketUrl } from '@nanometer/live/socket-url';
import { type OptionSpec, ValueError } from './option.ts';

/** A host and a port, as `HOST:PORT` or `[IPv6]:PORT`. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** How fast the market runs: in real time, ten times that, or as fast as the desk can follow. */
export type Speed = 1 | 10 | 'max';

/** A flag: absent is false. */
export function flag(help: string): OptionSpec<boolean> & { readonly default: boolean } {
  return { help, read: () => true, default: false };
}

/** Any text that is not empty. */
export function text(value: string, help: string): OptionSpec<string> {
  return { value, help, read: readText };
}

/** Any text that is not empty, with a default. */
export function textOr(
  value: string,
  help: string,
  fallback: string,
): OptionSpec<string> & { readonly default: string } {
  return { value, help, read: readText, default: fallback };
}

/** One of a closed set of words. */
export function oneOf<T extends string>(
  words: readonly T[],
  help: string,
  fallback: T,
): OptionSpec<T> & { readonly default: T } {
  return { ...word(words, help), default: fallback };
}

/** One of a closed set of words, without a default. */
export function word<T extends string>(words: readonly T[], help: string): OptionSpec<T> {
  return {
    value: words.join('|'),
    help,
    read: (given) => {
      const found = words.find((word) => word === given);
      if (found === undefined) throw new ValueError(`one of ${words.join(', ')}`);
      return found;
    },
  };
}

/** A TCP port; 0 means any free one. */
export function port(help: string, fallback: number): OptionSpec<number> & { readonly default: number } {
  return { ...ownPort(help), default: fallback };
}

/** A TCP port without a default. */
export function ownPort(help: string): OptionSpec<number> {
  return { value: 'PORT', help, read: readPort };
}

/** `HOST:PORT`. */
export function hostPort(help: string): OptionSpec<HostPort> {
  return {
    value: 'HOST:PORT',
    help,
    read: (given) => {
      const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]\s]+)):([0-9]+)$/.exec(given);
      const host = match?.[1] ?? match?.[2];
      if (host === undefined) throw new ValueError('HOST:PORT, such as 127.0.0.1:8125');
      const number = readPort(match?.[3] ?? '');
      if (number === 0) throw new ValueError('a port from 1 to 65535');
      return { host, port: number };
    },
  };
}

/** An http or https address. */
export function httpUrl(help: string): OptionSpec<URL> {
  return {
    value: 'URL',
    help,
    read: (given) => {
      const url = URL.canParse(given) ? new URL(given) : undefined;
      if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
        throw new ValueError('a URL such as http://127.0.0.1:8080/');
      return url;
    },
  };
}

/** A ws or wss address, or that of a Unix socket. */
export function webSocketUrl(help: string): OptionSpec<URL> {
  return {
    value: 'URL',
    help,
    read: (given) => {
      const url = URL.canParse(given) ? new URL(given) : undefined;
      const isKnown = /^wss?:$/.test(url?.protocol ?? '') || isSocketUrl(given);
      if (url === undefined || !isKnown)
        throw new ValueError('a URL such as ws://127.0.0.1:8081/push or ws+unix:/run/bridge.sock:/push');
      return url;
    },
  };
}

/** A number of bytes above 0, plain or in KiB, MiB or GiB. */
export function bytes(help: string): OptionSpec<number> {
  return {
    value: 'BYTES',
    help,
    read: (given) => {
      const [, digits, unit = ''] = /^([1-9][0-9]{0,15})(KiB|MiB|GiB)?$/.exec(given) ?? [];
      const value = Number(digits) * 1024 ** ['', 'KiB', 'MiB', 'GiB'].indexOf(unit);
      if (!Number.isSafeInteger(value)) throw new ValueError('bytes above 0, such as 1000000, 64MiB or 1GiB');
      return value;
    },
  };
}

/** An http or https address, or `none`. */
export function httpUrlOrNone(help: string): OptionSpec<URL | 'none'> {
  const { read } = httpUrl(help);
  return { value: 'URL|none', help, read: (given) => (given === 'none' ? 'none' : read(given)) };
}

/** Http or https addresses separated by commas, or `none`. */
export function httpUrls(help: string): OptionSpec<readonly URL[]> {
  const { read } = httpUrl(help);
  return { value: 'URL,…|none', help, read: (given) => (given === 'none' ? [] : given.split(',').map(read)) };
}

/** `1`, `10` or `max`. */
export function speed(help: string): OptionSpec<Speed> {
  return {
    value: '1|10|max',
    help,
    read: (given) => {
      if (given === 'max') return 'max';
      if (given === '1') return 1;
      if (given === '10') return 10;
      throw new ValueError('1, 10 or max');
    },
  };
}

/** A positive number of seconds. */
export function seconds(help: string): OptionSpec<number> {
  return {
    value: 'SECONDS',
    help,
    read: (given) => {
      const value = Number(given);
      if (!(value > 0 && value < 1e9) || given.trim() === '') throw new ValueError('a positive number of seconds');
      return value;
    },
  };
}

/** A positive number of seconds, with a default. */
export function secondsOr(help: string, fallback: number): OptionSpec<number> & { readonly default: number } {
  return { ...seconds(help), default: fallback };
}

/** A whole number of things, from 1 to a million. */
export function count(help: string): OptionSpec<number> {
  return {
    value: 'N',
    help,
    read: (given) => {
      if (!/^[1-9][0-9]{0,5}$/.test(given)) throw new ValueError('a whole number from 1 to 999999');
      return Number(given);
    },
  };
}

/** A whole number of things, with a default. */
export function countOr(help: string, fallback: number): OptionSpec<number> & { readonly default: number } {
  return { ...count(help), default: fallback };
}

/** Keys with values, `KEY=VALUE`, separated by commas; a comma within a value is written twice. */
export function pairs(help: string): OptionSpec<readonly (readonly [string, string])[]> {
  return {
    value: 'KEY=VALUE,…',
    help,
    read: (given) =>
      given
        .split(/(?<!,),(?!,)/)
        .map((pair) => pair.replaceAll(',,', ','))
        .map((pair) => {
          const at = pair.indexOf('=');
          if (at <= 0) throw new ValueError('KEY=VALUE, such as trading.currency=USD');
          return [pair.slice(0, at), pair.slice(at + 1)];
        }),
  };
}

/** A whole number from 0 to 2^32 - 1. */
export function seed(help: string): OptionSpec<number> {
  return {
    value: 'N',
    help,
    read: (given) => {
      const value = Number(given);
      if (!/^[0-9]+$/.test(given) || value > 0xff_ff_ff_ff) throw new ValueError('a whole number from 0 to 4294967295');
      return value;
    },
  };
}

function readText(given: string): string {
  if (given.trim() === '') throw new ValueError('a text that is not empty');
  return given;
}

function readPort(given: string): number {
  const value = Number(given);
  if (!/^[0-9]+$/.test(given) || value > 65_535) throw new ValueError('a port from 0 to 65535');
  return value;
}
