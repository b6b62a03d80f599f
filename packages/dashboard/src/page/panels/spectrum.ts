import { AXIS_TEXT, LOSS, PERCENTILE_COLORS } from '../draw/palette.ts';
import { formatCount, formatDuration, formatDurationTick } from '../format.ts';
import { SPECTRUM_FIELDS, type Spectrum } from '../measures/latency.ts';
import type { Model } from '../model.ts';
import { Choice } from '../view/choice.ts';
import { CurvePanel } from '../view/curve-panel.ts';
import { el } from '../view/dom.ts';
import { freshness } from '../view/freshness.ts';
import type { Frame, OptionalPanel } from '../view/panel.ts';
import type { ViewState } from '../view/view-state.ts';

const OBJECTIVE_KEY = 'nanometer.objective.';
const NOW = PERCENTILE_COLORS[2] as string;

/** Place of a share on the axis log 1/(1 − p): each further nine is as wide as the one before it. */
export function spectrumPlace(share: number): number {
  const last = SPECTRUM_FIELDS.at(-1)?.share as number;
  return Math.log10(1 / (1 - share)) / Math.log10(1 / (1 - last));
}

const THEN_DASH: readonly number[] = [4, 4];

/** Percentiles of a latency, now and at the beginning of the time window, against an objective. */
export class SpectrumPanel implements OptionalPanel {
  readonly title = 'Latency spectrum';
  readonly element: HTMLElement;
  readonly #panel: CurvePanel;
  readonly #spectra: readonly Spectrum[];
  readonly #choice: Choice;
  readonly #objective: HTMLInputElement;

  constructor(model: Model, view: ViewState) {
    this.#spectra = model.latencies.spectra;
    this.#objective = el('input', {
      class: 'field objective',
      attributes: {
        type: 'number',
        min: '0',
        step: 'any',
        placeholder: 'p99 goal, ms',
        'aria-label': 'Objective of p99 in milliseconds',
      },
    });
    this.#objective.addEventListener('input', () => {
      this.#store();
      view.touch();
    });
    this.#choice = new Choice('Latency', () => {
      this.#recall();
      view.touch();
    });
    this.#panel = new CurvePanel({
      id: 'spectrum',
      title: this.title,
      note: 'each nine as wide as the last; dashed: at the window’s beginning',
      emptyText: 'No data: waiting for a histogram such as trading.order.ack.duration.',
      present: () => this.#offer(),
      scale: 'log',
      formatTick: formatDurationTick,
      view: (frame) => this.#view(frame),
    });
    this.element = this.#panel.element;
    this.#panel.shell.controls.append(this.#objective);
    this.#panel.shell.body.prepend(this.#choice.element);
  }

  missing(): string | undefined {
    return this.#panel.missing();
  }

  frame(frame: Frame): void {
    this.#panel.frame(frame);
  }

  #offer(): boolean {
    const known = this.#spectra.filter(({ percentiles }) => !Number.isNaN(percentiles[0]?.value() ?? NaN));
    const before = this.#choice.chosen;
    this.#choice.offer(known.map(({ label }) => label));
    if (before === undefined && this.#choice.chosen !== undefined) this.#recall();
    return known.length > 0;
  }

  #view(frame: Frame): ReturnType<ConstructorParameters<typeof CurvePanel>[0]['view']> {
    const ticks = SPECTRUM_FIELDS.map(({ share }) => ({
      x: spectrumPlace(share),
      label: `${Number((share * 100).toFixed(3))} %`,
    }));
    const spectrum = this.#spectra.find(({ label }) => label === this.#choice.chosen);
    if (spectrum === undefined) return { curves: [], levels: [], ticks, legend: [] };
    const cells = spectrum.percentiles.map((measure) => measure.cell());
    const points = (of: (index: number) => number): { x: number; y: number }[] =>
      SPECTRUM_FIELDS.map(({ share }, index) => ({ x: spectrumPlace(share), y: of(index) }));
    const { windowMs } = frame.view;
    const objective = Number(this.#objective.value) / 1000;
    const stale = freshness(cells, frame.nowMs).state === 'stale';
    const p99 = cells[2]?.value ?? NaN;
    const missed = objective > 0 && p99 > objective;
    return {
      ticks,
      curves: [
        {
          color: AXIS_TEXT,
          dash: THEN_DASH,
          marked: false,
          points: points((index) => cells[index]?.history?.valueAt(frame.nowMs - windowMs, windowMs, windowMs) ?? NaN),
        },
        { color: NOW, points: points((index) => cells[index]?.value ?? NaN) },
      ],
      levels: objective > 0 ? [{ y: objective, label: 'goal of p99', color: LOSS }] : [],
      legend: [
        ...SPECTRUM_FIELDS.map(({ share }, index) => ({
          key: String(share),
          label: `p${Number((share * 100).toFixed(3))}`,
          color: NOW,
          value: formatDuration(cells[index]?.value ?? NaN),
          stale,
        })),
        ...(spectrum.count.value() > 0
          ? [{ key: 'count', label: 'of', color: 'transparent', value: formatCount(spectrum.count.value()), stale }]
          : []),
        ...(objective > 0
          ? [{ key: 'goal', label: 'goal', color: LOSS, value: missed ? '✕ missed' : '✓ met', stale }]
          : []),
      ],
    };
  }

  #recall(): void {
    try {
      this.#objective.value = localStorage.getItem(OBJECTIVE_KEY + this.#choice.chosen) ?? '';
    } catch {
      this.#objective.value = '';
    }
  }

  #store(): void {
    try {
      localStorage.setItem(OBJECTIVE_KEY + this.#choice.chosen, this.#objective.value);
    } catch {
      // Private windows keep nothing; the goal stays in its field.
    }
  }
}
