'use strict';
// A backend of the statsd server that appends every packet it is given to a file, so that what it had counted survives SIGKILL.
const { openSync, writeSync } = require('node:fs');

exports.init = (_startupTime, config, events) => {
  const file = openSync(config.packetLog, 'a');
  writeSync(file, '# start\n');
  events.on('packet', (packet) => {
    const text = packet.toString();
    writeSync(file, text.endsWith('\n') ? text : `${text}\n`);
  });
  return true;
};
