import { type Bridge, type BridgeOptions, createBridge, type FanOutMode } from '@nanometer/bridge';

const cleanups: (() => unknown)[] = [];

/** Runs at the end of the test, last first. */
export function atEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** Both ways to serve the stream, for `describe.each`. */
export const FAN_OUTS: readonly FanOutMode[] = ['inline', 'worker'];

/** Of whole suites: `NANOMETER_FAN_OUT=worker npm run jest -- packages/bridge`. */
const DEFAULT_FAN_OUT = (process.env['NANOMETER_FAN_OUT'] ?? 'inline') as FanOutMode;
let fanOut = DEFAULT_FAN_OUT;

/** How bridges of this test serve the stream; for `beforeEach`. */
export function serveBy(mode: FanOutMode): void {
  fanOut = mode;
}

/** For `afterEach`. */
export async function cleanUp(): Promise<void> {
  fanOut = DEFAULT_FAN_OUT;
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

/** A bridge on free ports that is closed after the test, and what it complained of. */
export async function startBridge(options: BridgeOptions = {}): Promise<Bridge & { readonly troubles: string[] }> {
  const troubles: string[] = [];
  const onTrouble = (text: string): void => void troubles.push(text);
  const mode = options.fanOut ?? fanOut;
  const ports = { port: 0, otlpGrpcPort: 0, otlpHttpPort: 0, ...(mode === 'worker' ? { pushPort: 0 } : {}) };
  const bridge = await createBridge({ ...ports, fanOut, onTrouble, ...options });
  cleanups.push(() => bridge.close());
  return { ...bridge, troubles };
}

/** Posts protobuf to the bridge's OTLP/HTTP. */
export function post(bridge: Bridge, body: Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${bridge.addresses.otlpHttp}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', ...headers },
    body: new Uint8Array(body),
  });
}

/** The present exposition. */
export async function scrape(bridge: Bridge): Promise<string> {
  const response = await fetch(bridge.addresses.metrics);
  if (response.status !== 200) throw new Error(`/metrics answers ${response.status}`);
  return response.text();
}
