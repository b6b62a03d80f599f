/** The live stream of a bridge, by the address of its page. */
export function liveUrlOf(page: URL): URL {
  const url = new URL('live', page);
  url.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}
