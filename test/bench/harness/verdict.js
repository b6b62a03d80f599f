import { isRate } from './rows.js';

/**
 * A target with what was measured: by the best of all samples, since load only ever makes things worse.
 *
 * `measured` and `met` are this machine's. `scaled` and `scaledMet` are the same figure as it would be on the reference
 * machine, by the yardstick in `scaledBy`; without it (a ratio has none, nor has what a clock decides) they repeat the raw
 * ones. A yardstick that did not run in this run leaves them out.
 */
export function judge(name, target, rows, yardsticks) {
  const { library, measure, against, scaledBy } = target;
  const bestOf = (wanted) => {
    const row = rows.find((each) => each.case === name && each.measure === measure && each.library === wanted);
    if (row === undefined) throw new Error(`"${name}" has no ${measure} of ${wanted}`);
    return row.best;
  };
  const own = bestOf(library);
  const measured = against === undefined ? own : rounded(ratioOf(target, own, bestOf(against)));
  const verdict = {
    case: name,
    measure,
    library,
    target: textOf(target),
    unit: against === undefined ? measure.split(' ').at(-1) : 'x',
    measured,
    met: holds(target, measured),
  };
  if (scaledBy === undefined) return { ...verdict, scaled: measured, scaledMet: verdict.met };
  const yardstick = leastSlow(yardsticks.filter((each) => each.yardstick === scaledBy));
  if (yardstick === undefined) return { ...verdict, scaledBy };
  const scaled = rounded(isRate(measure) ? own * yardstick.slower : own / yardstick.slower);
  return { ...verdict, scaledBy, scaled, scaledMet: holds(target, scaled) };
}

/** Of yardsticks that ran in several places the one that was disturbed least: it flatters least. */
function leastSlow(yardsticks) {
  return yardsticks.toSorted((a, b) => a.slower - b.slower)[0];
}

/** How many times better than the other; how many times its figure, where a target limits that. */
function ratioOf({ measure, timesAtMost }, own, other) {
  return isRate(measure) || timesAtMost !== undefined ? own / other : other / own;
}

function holds({ atMost, atLeast, times, timesAtMost }, figure) {
  const most = atMost ?? timesAtMost;
  return most === undefined ? figure >= (atLeast ?? times) : figure <= most;
}

function textOf({ atMost, atLeast, against, times, timesAtMost }) {
  if (timesAtMost !== undefined) return `at most ${timesAtMost} x ${against}`;
  if (times !== undefined) return `${times} x better than ${against}`;
  return atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
}

function rounded(value) {
  return Number(value.toPrecision(4));
}
