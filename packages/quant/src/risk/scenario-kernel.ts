import { SimdKernel } from '../kernel/simd-kernel.ts';
import { SCENARIO_KERNEL_WASM } from './generated/scenario-kernel-wasm.ts';

/** What kernel/scenarios.ts exports; addresses are in bytes. */
export interface ScenarioKernel {
  readonly addScaled: (input: number, losses: number, returns: number, length: number) => void;
  readonly addAndGather: (input: number, losses: number, returns: number, gathered: number, length: number) => number;
}

export const SCENARIO_KERNEL: SimdKernel<ScenarioKernel> = new SimdKernel<ScenarioKernel>(SCENARIO_KERNEL_WASM);
