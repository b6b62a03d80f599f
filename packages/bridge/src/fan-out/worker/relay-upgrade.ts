import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { connectThrough, type DoorKey } from '../private-door.ts';

/** Has the bridge's own server take over a connection that asks for another protocol: the request as it came, then bytes both ways. */
export function relayUpgrade(request: IncomingMessage, near: Socket, head: Buffer, door: DoorKey): void {
  const far = connectThrough(door, request.socket.remoteAddress ?? '');
  far.write(headOf(request), 'latin1');
  if (head.length > 0) far.write(head);
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.pipe(to);
    // `close` follows.
    from.on('error', () => undefined);
    from.on('close', (failed: boolean) => {
      if (failed) to.destroy();
      else to.destroySoon();
    });
  }
}

function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let at = 0; at < rawHeaders.length; at += 2) text += `${rawHeaders[at]}: ${rawHeaders[at + 1]}\r\n`;
  return `${text}\r\n`;
}
