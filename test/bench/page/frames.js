/**
 * Frames of a trace's page: what the main thread did from one animation frame to the next, in milliseconds on the clock
 * and on the processor; what came before the first and after the last is in no frame, but in `busyMs`, the processor's time
 * of all its tasks.
 */
export function framesOf(events) {
  const starts = events.filter(({ name, ph }) => name === 'FireAnimationFrame' && ph === 'X');
  const thread = busiest(starts);
  const ofThread = ({ pid, tid }) => `${pid} ${tid}` === thread;
  const edges = starts
    .filter(ofThread)
    .map(({ ts }) => ts)
    .sort((a, b) => a - b);
  const tasks = events
    .filter((event) => event.name === 'RunTask' && event.ph === 'X' && ofThread(event))
    .sort((a, b) => a.ts - b.ts);
  const frames = edges.slice(1).map(() => ({ clockMs: 0, processorMs: 0 }));
  let frame = 0;
  let busyMs = 0;
  for (const { ts, dur = 0, tdur = dur } of tasks) {
    // The task that draws a frame begins shortly before its animation frame: a task counts where it ends.
    const endsAt = ts + dur;
    busyMs += tdur / 1000;
    while (frame < frames.length && endsAt >= edges[frame + 1]) frame++;
    if (frame >= frames.length || endsAt < edges[0]) continue;
    frames[frame].clockMs += dur / 1000;
    frames[frame].processorMs += tdur / 1000;
  }
  return { frames, busyMs };
}

function busiest(events) {
  const counts = new Map();
  for (const { pid, tid } of events) counts.set(`${pid} ${tid}`, (counts.get(`${pid} ${tid}`) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
