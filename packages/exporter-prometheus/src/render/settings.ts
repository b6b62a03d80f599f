import type { Protocol } from '../format/format.ts';
import type { Escaping } from '../names/escaping.ts';
import type { TranslationStrategy } from '../names/translation.ts';

/** Everything that decides what an exposition looks like. */
export interface RenderSettings {
  readonly protocol: Protocol;
  readonly escaping: Escaping;
  readonly strategy: TranslationStrategy;
  readonly prefix: string;
  readonly created: boolean;
  readonly withResourceConstantLabels: RegExp | undefined;
  readonly withoutScopeInfo: boolean;
  readonly withoutTargetInfo: boolean;
}
