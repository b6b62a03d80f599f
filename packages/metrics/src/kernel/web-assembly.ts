// The part of the WebAssembly interface used here: neither the ES2023 library nor Node's types declare it.

/** A shared `WebAssembly.Memory`; it can be posted to other threads. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  /** Adds pages of 64 KiB; returns how many there were. */
  grow(pages: number): number;
}

interface WebAssemblyInterface {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => SharedMemory;
}

/** `undefined` where the engine runs without (`--jitless`). */
export const webAssembly: WebAssemblyInterface | undefined = (
  globalThis as unknown as { WebAssembly?: WebAssemblyInterface }
).WebAssembly;

const PAGE_BYTES = 65_536;

/** Shared memory that grows in place without WebAssembly. */
class PlainSharedMemory implements SharedMemory {
  readonly buffer: SharedArrayBuffer;

  constructor(initial: number, maximum: number) {
    // ES2024, in every Node this runs on.
    const Growable = SharedArrayBuffer as unknown as new (
      byteLength: number,
      options: { maxByteLength: number },
    ) => SharedArrayBuffer;
    this.buffer = new Growable(initial * PAGE_BYTES, { maxByteLength: maximum * PAGE_BYTES });
  }

  grow(pages: number): number {
    const before = this.buffer.byteLength;
    (this.buffer as unknown as { grow(byteLength: number): void }).grow(before + pages * PAGE_BYTES);
    return before / PAGE_BYTES;
  }
}

/** Shared memory of whole pages; address space is reserved for `maximum` of them. */
export function createSharedMemory(initial: number, maximum: number): SharedMemory {
  if (webAssembly === undefined) return new PlainSharedMemory(initial, maximum);
  return new webAssembly.Memory({ initial, maximum, shared: true });
}
