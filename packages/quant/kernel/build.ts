// npm run build:kernel -w @nanometer/quant [-- --check]
//
// Compiles the kernels and writes their bytes where src imports them; --check fails instead when they differ.
import { buildKernel } from '../../../tools/kernel/build-kernel.ts';

const folder = new URL('.', import.meta.url);
const packageName = '@nanometer/quant';

await buildKernel(
  {
    folder,
    source: 'scenarios.ts',
    target: 'src/risk/generated/scenario-kernel-wasm.ts',
    constant: 'SCENARIO_KERNEL_WASM',
    packageName,
  },
  process.argv,
);
await buildKernel(
  {
    folder,
    source: 'triangles.ts',
    target: 'src/correlation/generated/triangle-kernel-wasm.ts',
    constant: 'TRIANGLE_KERNEL_WASM',
    packageName,
  },
  process.argv,
);
