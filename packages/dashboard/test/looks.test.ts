import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import {
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_LIQUIDITY,
  ATTR_TRADING_MARKOUT_HORIZON,
  ATTR_TRADING_STRATEGY,
  METRIC_TRADING_MARKOUT_EDGE,
} from '@nanometer/semconv';
import * as fc from 'fast-check';
import { LookBook, LOOKS, sampleOf } from '../src/page/draw/looks.ts';
import { AXIS_TEXT, CATEGORY_COLORS, GAIN, LOSS, PERCENTILE_COLORS } from '../src/page/draw/palette.ts';
import { createModel } from '../src/page/model.ts';
import { markoutCurves } from '../src/page/panels/markouts.ts';
import { Store } from '../src/page/store/store.ts';
import { ViewState } from '../src/page/view/view-state.ts';
import { contrast, distance, VISIONS } from './support/color-vision.ts';

const CSS = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'page', 'css');

describe('looks of lines', () => {
  test('are all different: no two share both colour and dashes, in the chart and in the legend', () => {
    expect(new Set(LOOKS.map(({ color, dash }) => `${color} ${dash.join(' ')}`)).size).toBe(24);
    expect(new Set(LOOKS.map(sampleOf)).size).toBe(24);
  });

  test('are different from each other in every moment, and stay with their line', () => {
    const keys = fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: LOOKS.length });
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 12 }), (moments) => {
        const book = new LookBook();
        let before: ReturnType<LookBook['of']> = new Map();
        for (const moment of moments) {
          const looks = book.of(moment);
          expect([...looks.keys()]).toEqual(moment);
          expect(new Set(looks.values()).size).toBe(moment.length);
          for (const key of moment) if (before.has(key)) expect(looks.get(key)).toBe(before.get(key));
          before = looks;
        }
      }),
    );
  });

  test('a line that comes before others by name does not change theirs', () => {
    const book = new LookBook();
    const [first] = book.of(['maker-wide']).values();
    expect(book.of(['aaa', 'maker-wide']).get('maker-wide')).toBe(first);
  });

  test('lines beyond the last look have none', () => {
    const keys = Array.from({ length: LOOKS.length + 3 }, (_, index) => `line ${index}`);
    expect([...new LookBook().of(keys).keys()]).toEqual(keys.slice(0, LOOKS.length));
  });
});

describe.each(Object.entries(VISIONS))('with %s vision', (_name, vision) => {
  test('colours of lines are told apart', () => {
    for (const [index, first] of CATEGORY_COLORS.entries()) {
      for (const second of CATEGORY_COLORS.slice(0, index)) {
        expect(distance(first, second, vision)).toBeGreaterThan(30);
      }
    }
  });

  test('gain and loss are told apart', () => {
    expect(distance(GAIN, LOSS, vision)).toBeGreaterThan(30);
  });
});

test('colours of lines mean neither gain nor loss', () => {
  for (const color of CATEGORY_COLORS) {
    for (const meaning of [GAIN, LOSS]) {
      expect(distance(color, meaning, VISIONS['normal'] as (typeof VISIONS)[string])).toBeGreaterThan(30);
    }
  }
});

describe('markout curves', () => {
  const store = new Store();
  const model = createModel(store);
  for (let curve = 0; curve < LOOKS.length + 2; curve++) {
    for (const horizon of ['0', '1', '60']) {
      const slot = store.define({
        name: METRIC_TRADING_MARKOUT_EDGE.name,
        field: 'value',
        attributes: {
          [ATTR_TRADING_STRATEGY]: `strategy-${curve}`,
          [ATTR_EXCHANGE_NAME]: 'spot',
          [ATTR_TRADING_LIQUIDITY]: 'maker',
          [ATTR_TRADING_CURRENCY]: 'USDT',
          [ATTR_TRADING_MARKOUT_HORIZON]: horizon,
        },
        resource: { 'service.name': 'desk' },
      });
      store.set(slot, 1000, curve);
    }
  }
  store.commit();

  test('have looks and numbers of their own, the same in the legend; what cannot be told apart is counted, not drawn', () => {
    const { curves, legend, leftOut } = markoutCurves(model, { nowMs: 1000, view: new ViewState() }, new LookBook());
    expect(curves).toHaveLength(LOOKS.length);
    expect(leftOut).toBe(2);
    const looks = curves.map(({ color, dash, label }) => `${color} ${(dash ?? []).join(' ')} ${label}`);
    expect(new Set(curves.map(({ color, dash = [] }) => `${color} ${dash.join(' ')}`)).size).toBe(LOOKS.length);
    expect(legend.map(({ color, dash = [], mark }) => `${color} ${dash.join(' ')} ${mark}`)).toEqual(looks);
  });
});

describe('contrast', () => {
  const sheets = readdirSync(CSS)
    .filter((name) => name.endsWith('.css'))
    .map((name) => readFileSync(join(CSS, name), 'utf8'));
  const tokens = sheets.find((text) => text.includes(':root {\n  --ground')) as string;
  const colorOf = (name: string, text: string = tokens): string =>
    (new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(text) as RegExpExecArray)[1] as string;
  const grounds = ['ground', 'surface', 'raised'].map((name) => colorOf(name));
  const texts = [
    ...new Set(sheets.flatMap((text) => [...text.matchAll(/^\s+(?:color|fill): (.+);$/gm)].map(([, value]) => value))),
  ];

  test('every colour of text is a token', () => {
    expect(texts.filter((value) => !/^var\(--[a-z]+\)$/.test(value as string))).toEqual([]);
    expect(texts.length).toBeGreaterThan(6);
  });

  // WCAG 2.2, 1.4.3 (AA): 4.5 for text of this size.
  test.each(['text', 'quiet', 'stale', 'gain', 'loss', 'warn', 'alarm'])(
    'text in %s is read on every ground',
    (name) => {
      for (const ground of grounds) expect(contrast(colorOf(name), ground)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test('the tokens above are all that text is written in, but for grounds that are painted', () => {
    const used = texts.map((value) => (value as string).slice(6, -1));
    const read = ['text', 'quiet', 'stale', 'gain', 'loss', 'warn', 'alarm'];
    expect(used.filter((name) => !read.includes(name)).sort()).toEqual(['raised', 'surface']);
  });

  test('gain and loss in the other colours too, and the badge of an age', () => {
    for (const [, block] of tokens.matchAll(/\[data-colors='\w+'\] \{([^}]+)\}/g)) {
      for (const name of ['gain', 'loss']) {
        for (const ground of grounds)
          expect(contrast(colorOf(name, block as string), ground)).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(colorOf('warn'), '#3a3419')).toBeGreaterThanOrEqual(4.5);
  });

  test('names in charts, in the colours of their lines', () => {
    for (const color of [...CATEGORY_COLORS, ...PERCENTILE_COLORS, AXIS_TEXT, GAIN, LOSS]) {
      expect(contrast(color, colorOf('surface'))).toBeGreaterThanOrEqual(4.5);
    }
  });

  // WCAG 2.2, 1.4.11 (AA): 3 for what is no text.
  test('bars and the mark of the focus', () => {
    for (const name of ['faint', 'focus', 'gain', 'loss', 'alarm', 'warn']) {
      expect(contrast(colorOf(name), colorOf('surface'))).toBeGreaterThanOrEqual(3);
    }
  });
});
