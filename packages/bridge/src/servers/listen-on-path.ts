import { lstat, unlink } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { BridgeError } from '../errors.ts';

const OPTION = 'socketPath';

/**
 * Listens on a Unix socket. A process that was killed leaves its file behind: a socket that nobody listens on is replaced.
 *
 * @throws BridgeError `PATH_IN_USE` when somebody listens there, or something else is there; `LISTEN_FAILED`.
 */
export async function listenOnPath(server: Server, path: string, onTrouble: (text: string) => void): Promise<void> {
  try {
    await listening(server, path);
  } catch (error) {
    if (!(await isLeftBehind(error, path))) throw listenError(error, path);
    try {
      await unlink(path);
      await listening(server, path);
    } catch (second) {
      throw listenError(second, path);
    }
  }
  server.on('error', (error) => onTrouble(`the server of ${OPTION} has trouble: ${error.message}`));
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/** A file that is no socket refuses connections as well, and is somebody's. */
async function isLeftBehind(error: unknown, path: string): Promise<boolean> {
  if (codeOf(error) !== 'EADDRINUSE') return false;
  try {
    return (await lstat(path)).isSocket() && (await refuses(path));
  } catch {
    // Gone meanwhile, or not to be seen.
    return false;
  }
}

function refuses(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error) => resolve(codeOf(error) === 'ECONNREFUSED'));
  });
}

function listenError(error: unknown, path: string): BridgeError {
  if (codeOf(error) === 'EADDRINUSE') {
    const message = `${path} is in use by another program, or is no socket; choose another with ${OPTION}`;
    return new BridgeError('PATH_IN_USE', message, OPTION, error);
  }
  const why = error instanceof Error ? error.message : String(error);
  return new BridgeError('LISTEN_FAILED', `cannot listen on ${path} (${OPTION}): ${why}`, OPTION, error);
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
