// npm run bench:live [-- --json] [-- --rounds N] [-- --only TEXT]
//
// The live stream's targets: from a fill in the desk to a subscriber of the risk lane, fan-out of the bulk lane, decoding.
// A hiccup meter beside each latency, a thread that does nothing else, shows how late the machine itself is. Absolute
// targets stand there twice, as measured and scaled by what a bare WebSocket server needs on this machine (bare-ws.js).
import { runSuite } from './harness/run-suite.js';

await runSuite('live', {
  elsewhere: [
    { what: 'the stream alone, without desk and bridge', command: 'node packages/live/bench/latency.bench.js' },
  ],
});
