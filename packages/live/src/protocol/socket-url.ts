/** Longest path of a Unix socket in bytes, without the zero that ends it, where it is shortest (macOS). */
const PATH_BYTES_MAX = 103;
const SCHEME = 'ws+unix:';

/**
 * URL of a WebSocket on a Unix socket, as `ws` writes it: the file's absolute path, a colon, the path of the request.
 * `socketUrl('/run/bridge.sock', '/push')` is `ws+unix:/run/bridge.sock:/push`.
 */
export function socketUrl(file: string, path: string): string {
  return `${SCHEME}${file}:${path}`;
}

/** Whether a URL is one of a Unix socket: protocol, the file's path and the request's are there. */
export function isSocketUrl(url: string): boolean {
  return /^ws\+unix:(?:\/\/)?\/[^:]*[^:/]:\/[^:]*$/.test(url);
}

/** Why there can be no socket of this path with a URL of its own; undefined when there can. */
export function socketPathTrouble(file: string): string | undefined {
  if (!file.startsWith('/') || file.endsWith('/')) return 'an absolute path of a file is needed';
  // `ws` takes the path as it stands in the URL.
  const url = `${SCHEME}${file}`;
  if (file.includes(':') || !URL.canParse(url) || new URL(url).pathname !== file)
    return 'it cannot stand in a URL as it is; letters, digits, "/", ".", "_" and "-" always can';
  if (file.length <= PATH_BYTES_MAX) return undefined;
  return `it has ${file.length} bytes, of which a socket can have ${PATH_BYTES_MAX}`;
}
