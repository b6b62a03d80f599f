import { panRange, type TimeRange, zoomRange } from './time-range.ts';

/** What gestures need of the chart under them. */
export interface GestureInputs {
  readonly range: () => TimeRange;
  /** Unix milliseconds at a horizontal position in the window. */
  readonly timeAt: (clientX: number) => number;
  readonly nowMs: () => number;
  readonly choose: (range: TimeRange) => void;
}

const STEP_IN = 0.6;
const PAN_SHARE = 0.25;

/**
 * Two fingers zoom and one moves the span, as on a map; the wheel zooms with Ctrl held (which is what a trackpad's pinch
 * sends) and otherwise scrolls the page; arrows move, + and − zoom. A mouse that drags chooses a span, which the chart
 * itself knows. Returns what takes the listeners off again.
 */
export function bindGestures(target: HTMLElement, inputs: GestureInputs): () => void {
  const touches = new Map<number, number>();
  const stop = new AbortController();
  const options = { signal: stop.signal };

  target.addEventListener(
    'pointerdown',
    (event) => {
      if (event.pointerType === 'touch') touches.set(event.pointerId, event.clientX);
    },
    options,
  );
  target.addEventListener(
    'pointermove',
    (event) => {
      const before = touches.get(event.pointerId);
      if (before === undefined) return;
      const others = [...touches].filter(([id]) => id !== event.pointerId).map(([, x]) => x);
      touches.set(event.pointerId, event.clientX);
      const [other] = others;
      const range = inputs.range();
      if (other === undefined) {
        const byMs = inputs.timeAt(before) - inputs.timeAt(event.clientX);
        inputs.choose(panRange(range, byMs / (range.toMs - range.fromMs), inputs.nowMs()));
        return;
      }
      const apart = Math.abs(event.clientX - other);
      if (apart < 8) return;
      const factor = Math.abs(before - other) / apart;
      inputs.choose(zoomRange(range, factor, inputs.timeAt((event.clientX + other) / 2), inputs.nowMs()));
    },
    options,
  );
  for (const type of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
    target.addEventListener(type, (event) => touches.delete(event.pointerId), options);
  }
  target.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const factor = Math.exp(Math.max(-1, Math.min(1, event.deltaY / 300)));
      inputs.choose(zoomRange(inputs.range(), factor, inputs.timeAt(event.clientX), inputs.nowMs()));
    },
    { ...options, passive: false },
  );
  target.addEventListener(
    'keydown',
    (event) => {
      const next = rangeOfKey(event.key, inputs.range(), inputs.nowMs());
      if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      inputs.choose(next);
    },
    options,
  );
  return () => stop.abort();
}

/** The span that a key leads to; `undefined` for keys that lead nowhere. */
export function rangeOfKey(key: string, range: TimeRange, nowMs: number): TimeRange | undefined {
  const middle = (range.fromMs + range.toMs) / 2;
  switch (key) {
    case 'ArrowLeft':
      return panRange(range, -PAN_SHARE, nowMs);
    case 'ArrowRight':
      return panRange(range, PAN_SHARE, nowMs);
    case '+':
    case '=':
      return zoomRange(range, STEP_IN, middle, nowMs);
    case '-':
      return zoomRange(range, 1 / STEP_IN, middle, nowMs);
    default:
      return undefined;
  }
}
