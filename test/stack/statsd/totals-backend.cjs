// A backend of npm's statsd: prints what each flush hands to any backend, one JSON document per line.
exports.init = (startupTime, config, events) => {
  events.on('flush', (timestamp, { counters, gauges, timer_data: timers }) => {
    const counts = Object.fromEntries(Object.entries(timers).map(([key, { count }]) => [key, count]));
    process.stdout.write(`${JSON.stringify({ counters, gauges, counts })}\n`);
  });
  return true;
};
