/** A name at the end of a line. */
export interface EndLabel {
  readonly text: string;
  readonly color: string;
  /** Where the line ends. */
  readonly y: number;
}

/** Room for the names, in the context's units. */
export interface EndLabelSpace {
  /** Where lines end. */
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  /** Height of a name. */
  readonly gap: number;
}

/** From the end of a line to its name; a name that had to move is joined with its line here. */
export const LEADER = 8;

/**
 * Places that are `gap` apart at least, between `top` and `bottom`, in the order of what was wanted and as near to it as
 * that allows (least squares, by pooling adjacent violators). What has no room has no place; the first ones do.
 */
export function spread(
  wanted: readonly number[],
  { gap, top, bottom }: Pick<EndLabelSpace, 'gap' | 'top' | 'bottom'>,
): readonly (number | undefined)[] {
  const room = bottom < top ? 0 : Math.floor((bottom - top) / gap) + 1;
  const order = wanted
    .map((y, index) => ({ y, index }))
    .slice(0, room)
    .sort((a, b) => a.y - b.y || a.index - b.index);
  const blocks: { sum: number; count: number }[] = [];
  order.forEach(({ y }, rank) => {
    blocks.push({ sum: y - rank * gap, count: 1 });
    for (;;) {
      const last = blocks.at(-1) as { sum: number; count: number };
      const before = blocks.at(-2);
      if (before === undefined || before.sum / before.count <= last.sum / last.count) break;
      before.sum += last.sum;
      before.count += last.count;
      blocks.pop();
    }
  });
  const most = bottom - (order.length - 1) * gap;
  const places: (number | undefined)[] = wanted.map(() => undefined);
  let rank = 0;
  for (const { sum, count } of blocks) {
    const base = Math.min(most, Math.max(top, sum / count));
    for (let each = 0; each < count; each++, rank++) {
      places[(order[rank] as { index: number }).index] = base + rank * gap;
    }
  }
  return places;
}

/** Writes names at the ends of lines, none over another; the font and the room to the right are the caller's. */
export function drawEndLabels(
  context: CanvasRenderingContext2D,
  labels: readonly EndLabel[],
  space: EndLabelSpace,
  unit: number = 1,
): void {
  const places = spread(
    labels.map(({ y }) => y),
    space,
  );
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.lineWidth = unit;
  labels.forEach(({ text, color, y }, index) => {
    const place = places[index];
    if (place === undefined) return;
    const at = Math.round(place);
    context.fillStyle = color;
    context.fillText(text, space.x + LEADER * unit, at);
    if (Math.abs(at - y) < 3 * unit) return;
    context.strokeStyle = color;
    context.beginPath();
    context.moveTo(space.x + unit, y);
    context.lineTo(space.x + (LEADER - 2) * unit, at);
    context.stroke();
  });
}
