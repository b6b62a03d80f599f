// npm run build:kernel -w @nanometer/metrics [-- --check]
//
// Compiles counts.ts and writes its bytes where src/kernel imports them; --check fails instead when they differ.
import { buildKernel } from '../../../tools/kernel/build-kernel.ts';

await buildKernel(
  {
    folder: new URL('.', import.meta.url),
    source: 'counts.ts',
    target: 'src/kernel/generated/kernel-wasm.ts',
    constant: 'KERNEL_WASM',
    packageName: '@nanometer/metrics',
  },
  process.argv,
);
