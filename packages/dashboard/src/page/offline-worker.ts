// Keeps the page's own files, so that a page whose bridge is down still opens and says so. Newer files win whenever
// the bridge answers; values, alerts and metrics are never kept.

interface Extendable {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchLike extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface WorkerScope {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchLike) => void): void;
}

/** Names of the page's files and a digest of them, written in by the build. */
declare const PAGE_FILES: readonly string[];
declare const PAGE_VERSION: string;

const scope = globalThis as unknown as WorkerScope;
const kept: ReadonlySet<string> = new Set(PAGE_FILES.map((name) => new URL(name, location.href).pathname));

scope.addEventListener('install', (event) => {
  const keep = async (): Promise<void> => {
    const cache = await caches.open(PAGE_VERSION);
    await cache.addAll([...kept]);
    await scope.skipWaiting();
  };
  event.waitUntil(keep());
});

scope.addEventListener('activate', (event) => {
  const forget = async (): Promise<void> => {
    for (const name of await caches.keys()) if (name !== PAGE_VERSION) await caches.delete(name);
    await scope.clients.claim();
  };
  event.waitUntil(forget());
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !kept.has(new URL(request.url).pathname)) return;
  const answer = async (): Promise<Response> => {
    try {
      return await fetch(request);
    } catch (error) {
      const known = await caches.match(request, { ignoreSearch: true });
      if (known === undefined) throw error;
      return known;
    }
  };
  event.respondWith(answer());
});
