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

export const PAGE_BYTES = 65_536;
/** The most a 32-bit address reaches, 4 GiB; address space is reserved, memory is not. */
export const MOST_PAGES = 65_536;

/** A kernel of the folder `kernel`, compiled when it is first asked for. `Exports` is what its source exports. */
export class SimdKernel<Exports extends object> {
  readonly #base64: string;
  /** `undefined` until it is first asked for, `null` where the engine lacks SIMD or shared memory. */
  #compiled: object | null | undefined = undefined;

  constructor(base64: string) {
    this.#base64 = base64;
  }

  /** The kernel and memory for it of `pages`, which can grow to `mostPages`; undefined where it cannot run. */
  instantiate(pages: number, mostPages: number = MOST_PAGES): (Exports & { memory: KernelMemory }) | undefined {
    const { WebAssembly } = globalThis as unknown as { WebAssembly?: WebAssemblyInterface };
    if (WebAssembly === undefined || pages > mostPages || mostPages > MOST_PAGES) return undefined;
    // An embedder may forbid compilation (a content security policy does), the system refuse the address space.
    try {
      this.#compiled ??= this.#compile(WebAssembly);
      if (this.#compiled === null) return undefined;
      const memory = new WebAssembly.Memory({ initial: pages, maximum: mostPages, shared: true });
      const { exports } = new WebAssembly.Instance(this.#compiled, { env: { memory } });
      return { ...(exports as Exports), memory };
    } catch {
      return undefined;
    }
  }

  #compile(webAssembly: WebAssemblyInterface): object | null {
    const bytes = Uint8Array.from(atob(this.#base64), (character) => character.charCodeAt(0));
    return webAssembly.validate(bytes) ? new webAssembly.Module(bytes) : null;
  }
}
