import { MetricsError } from '../errors.ts';
import type { Behaviour, Compatibility } from './behaviour.ts';
import { JsBehaviour } from './js-behaviour.ts';
import { SPECIFICATION_BEHAVIOUR } from './specification-behaviour.ts';

/** Throws {@link MetricsError} `invalid_option`. */
export function behaviourOf(compatibility: Compatibility): Behaviour {
  switch (compatibility) {
    case 'specification':
      return SPECIFICATION_BEHAVIOUR;
    case 'js':
      return new JsBehaviour();
    default:
      throw new MetricsError(
        'invalid_option',
        `compatibility must be 'specification' or 'js', got ${JSON.stringify(compatibility)}`,
      );
  }
}
