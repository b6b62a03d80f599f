import { SCENARIO_KERNEL_WASM } from './generated/scenario-kernel-wasm.ts';

/** What kernel/scenarios.ts exports; addresses are in bytes. */
export interface ScenarioKernel {
  readonly addScaled: (losses: number, returns: number, length: number, factor: number) => void;
  readonly addAndGather: (
    losses: number,
    returns: number,
    gathered: number,
    length: number,
    factor: number,
    bound: number,
  ) => number;
}

/** Memory that grows where it is, so that views of it stay valid. */
export interface KernelMemory {
  readonly buffer: SharedArrayBuffer;
  /** Adds pages of 64 KiB. */
  grow(pages: number): number;
}

// The part of the WebAssembly interface used here: neither the ES2023 library nor Node's types declare it.
interface WebAssemblyInterface {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => KernelMemory;
}

/** The most a 32-bit address reaches, 4 GiB; address space is reserved, memory is not. */
const MOST_PAGES = 65_536;

/** `undefined` until it is first asked for, `null` where the engine lacks SIMD or shared memory. */
let compiled: object | null | undefined;

/** The kernel and memory for it of at least `pages`; undefined where it cannot run. */
export function instantiateScenarioKernel(pages: number): (ScenarioKernel & { memory: KernelMemory }) | undefined {
  const { WebAssembly } = globalThis as unknown as { WebAssembly?: WebAssemblyInterface };
  if (WebAssembly === undefined || pages > MOST_PAGES) return undefined;
  // An embedder may forbid compilation (a content security policy does), the system refuse the address space.
  try {
    compiled ??= compile(WebAssembly);
    if (compiled === null) return undefined;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: MOST_PAGES, shared: true });
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    const { addScaled, addAndGather } = exports as ScenarioKernel;
    return { addScaled, addAndGather, memory };
  } catch {
    return undefined;
  }
}

function compile(webAssembly: WebAssemblyInterface): object | null {
  const bytes = Uint8Array.from(atob(SCENARIO_KERNEL_WASM), (character) => character.charCodeAt(0));
  return webAssembly.validate(bytes) ? new webAssembly.Module(bytes) : null;
}
