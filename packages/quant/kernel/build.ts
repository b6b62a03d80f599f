// npm run build:kernel -w @nanometer/quant [-- --check]
//
// Compiles scenarios.ts and writes its bytes where src/risk imports them; --check fails instead when they differ.
import { buildKernel } from '../../../tools/kernel/build-kernel.ts';

await buildKernel(
  {
    folder: new URL('.', import.meta.url),
    source: 'scenarios.ts',
    target: 'src/risk/generated/scenario-kernel-wasm.ts',
    constant: 'SCENARIO_KERNEL_WASM',
    packageName: '@nanometer/quant',
  },
  process.argv,
);
