/** What the main thread does, by the names of a trace's events; what has no name here is its own business: tasks, messages. */
const KINDS = {
  script: ['FunctionCall', 'FireAnimationFrame', 'TimerFire', 'EventDispatch', 'RunMicrotasks', 'MinorGC', 'MajorGC'],
  layout: ['UpdateLayoutTree', 'Layout', 'PrePaint', 'IntersectionObserverController::computeIntersections'],
  paint: ['Paint', 'Layerize', 'UpdateLayer'],
  // Without a GPU it is also where what was drawn on canvases is rasterized.
  commit: ['Commit'],
};
const KIND_OF = new Map(Object.entries(KINDS).flatMap(([kind, names]) => names.map((name) => [name, kind])));
/** Threads that raster and put layers together: without a GPU they do in software what a GPU does elsewhere. */
const DRAWING =
  /^(Compositor|VizCompositorThread|CrGpuMain|ThreadPool(Foreground|SingleThread).*|CompositorTileWorker.*)$/;

/**
 * Frames of a trace's page: what the main thread did from one animation frame to the next, in milliseconds on the clock
 * and on the processor; what came before the first and after the last is in no frame, but in `busyMs`, the processor's time
 * of all its tasks. `partsMs` is that time by kind of work, and `drawingMs` the processor's time of the threads that raster and
 * put layers together.
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
  return { frames, busyMs, partsMs: partsOf(events.filter(ofThread)), drawingMs: drawingOf(events) };
}

/** Time of each kind in milliseconds, less what is nested in it and of another kind. */
function partsOf(events) {
  const parts = { script: 0, layout: 0, paint: 0, commit: 0, other: 0 };
  const stack = [];
  const spans = events.filter(({ ph, tdur }) => ph === 'X' && tdur !== undefined);
  for (const { name, ts, dur = 0, tdur } of spans.sort((a, b) => a.ts - b.ts || b.dur - a.dur)) {
    while (stack.length > 0 && stack.at(-1).endsAt <= ts) stack.pop();
    const around = stack.at(-1);
    const kind = KIND_OF.get(name) ?? around?.kind ?? 'other';
    if (around !== undefined) parts[around.kind] -= tdur / 1000;
    parts[kind] += tdur / 1000;
    stack.push({ endsAt: ts + dur, kind });
  }
  return parts;
}

function drawingOf(events) {
  const names = new Map(
    events.filter(({ name }) => name === 'thread_name').map(({ pid, tid, args }) => [`${pid} ${tid}`, args.name]),
  );
  const drawn = events.filter(
    ({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && DRAWING.test(names.get(`${pid} ${tid}`) ?? ''),
  );
  return drawn.reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0);
}

function busiest(events) {
  const counts = new Map();
  for (const { pid, tid } of events) counts.set(`${pid} ${tid}`, (counts.get(`${pid} ${tid}`) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
