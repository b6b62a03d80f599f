import { isIP } from 'node:net';

/** Names that lead to this machine and that no stranger's DNS can answer for. */
const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Hosts that requests may be for, when nothing else is said: those of loopback for a server that listens there, any
 * (`undefined`) for one that others reach, whose names it cannot know.
 */
export function hostsOf(address: string): readonly string[] | undefined {
  return isLoopback(address) ? [...LOOPBACK_NAMES, address] : undefined;
}

/** Whether an address to listen on can be reached from this machine only. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}

/** Whether who connects is a program of this machine. */
export function isLocalPeer({ remoteAddress = '' }: { readonly remoteAddress?: string | undefined }): boolean {
  // A socket for both families shows an IPv4 address as an IPv6 one.
  return isLoopback(remoteAddress.replace(/^::ffff:/, ''));
}

/**
 * Whether a request is for one of the allowed hosts, whatever its port. A page whose name was made to point here (DNS
 * rebinding) is of the same origin in its browser's eyes: only the name it asks for gives it away. A program of
 * HTTP/1.0 names none and is not asked.
 */
export function hostAllowed(host: string | undefined, allowed: readonly string[] | undefined): boolean {
  if (host === undefined || allowed === undefined) return true;
  const name = host.replace(/:\d*$/, '').toLowerCase();
  return allowed.some((entry) => entry.toLowerCase() === name);
}
