'use strict';
// statsd 0.9.0 calls util.log, which Node 23 removed. Preloaded by --require.
require('node:util').log ??= (...parts) => console.log(...parts);
