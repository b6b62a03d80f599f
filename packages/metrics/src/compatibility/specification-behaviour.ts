import { ObservedStream } from '../observable/observed-stream.ts';
import type { Behaviour } from './behaviour.ts';

/** What the specification says. */
export const SPECIFICATION_BEHAVIOUR: Behaviour = {
  compatibility: 'specification',
  overflowPlaces: 0,
  views: (views) => views,
  instrument: (instrument) => instrument,
  aggregator: (aggregator) => aggregator,
  place: (streams, stream) => {
    streams.push(stream);
  },
  deltaStarts: () => undefined,
  observedStream: (options) => new ObservedStream(options),
};
