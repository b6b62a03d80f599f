import { DemoError } from '../errors.ts';

/** What to say of a server that could not listen; `who` begins the sentence. */
export function listenError(who: string, host: string, port: number, cause: NodeJS.ErrnoException): DemoError {
  const inUse = cause.code === 'EADDRINUSE';
  const text = inUse
    ? `${who}: port ${port} on ${host} is in use; choose another with the option port, or 0 for any`
    : `${who}: cannot listen on ${host}:${port}: ${cause.message}`;
  return new DemoError(inUse ? 'port_in_use' : 'invalid_option', text, { cause });
}
