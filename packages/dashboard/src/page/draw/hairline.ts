/**
 * Lines one device pixel wide: rasterizers draw them many times faster than wider ones, whose outline is a shape with an area.
 * Where pixels are small a line is drawn twice, half a pixel to each side.
 * Measured: `test/bench/page/line-chart.bench.js`.
 */
const DOUBLED_FROM_RATIO = 1.5;

/** Strokes the path that `trace` lays down, in device pixels; colour and dashes are the context's. */
export function strokeHairline(context: CanvasRenderingContext2D, ratio: number, trace: () => void): void {
  context.lineWidth = 1;
  context.lineJoin = 'miter';
  context.beginPath();
  if (ratio < DOUBLED_FROM_RATIO) {
    trace();
    context.stroke();
    return;
  }
  for (const shift of [-0.5, 0.5]) {
    context.setTransform(1, 0, 0, 1, shift, shift);
    context.beginPath();
    trace();
    context.stroke();
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
}
