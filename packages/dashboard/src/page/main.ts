import { LiveFeed } from './feed/live-feed.ts';
import { marketMode } from './market-mode.ts';
import { createModel } from './model.ts';
import { ackLatencyChart, drawdownChart, eventRateChart } from './panels/charts.ts';
import { ExposurePanel } from './panels/exposure.ts';
import { FeedChart } from './panels/feed-chart.ts';
import { feedsPanel } from './panels/feeds.ts';
import { modelsPanel } from './panels/models.ts';
import { PnlChart } from './panels/pnl-chart.ts';
import { positionsPanel } from './panels/positions.ts';
import { StrategiesPanel } from './panels/strategies.ts';
import { Strip } from './panels/strip.ts';
import { trustPanel } from './panels/trust.ts';
import { Store } from './store/store.ts';
import { el } from './view/dom.ts';
import { Help } from './view/help.ts';
import { bindKeys } from './view/keys.ts';
import { Loop } from './view/loop.ts';
import type { Panel } from './view/panel.ts';
import { TopBar } from './view/top-bar.ts';
import { ViewState } from './view/view-state.ts';

const store = new Store();
const model = createModel(store);
const view = new ViewState();
const feed = new LiveFeed(store, new URL('live', location.href.replace(/^http/, 'ws').replace(/[#?].*$/, '')).href);
const help = new Help();
let updatesAtPause = 0;

const loop: Loop = new Loop(() => ({
  nowMs: view.paused ? view.pausedAtMs : feed.nowMs(),
  version: store.version,
  view,
}));

function changed(): void {
  view.touch();
  history.replaceState(null, '', view.fragment());
}

function togglePause(): void {
  view.paused = !view.paused;
  view.pausedAtMs = feed.nowMs();
  updatesAtPause = store.updates;
  store.freeze(view.paused);
  document.body.classList.toggle('paused', view.paused);
  view.touch();
}

view.readFragment(location.hash);
const link = (): typeof feed.link => feed.link;
const topBar = new TopBar({
  view,
  link,
  problem: () => feed.problem,
  marketMode: () => marketMode(store.sources.list()),
  missed: () => store.updates - updatesAtPause,
  onPause: togglePause,
  onHelp: () => help.toggle(),
  onChange: changed,
});
const strip = new Strip(model, { sources: store.sources, link });
const overview: readonly Panel[] = [new PnlChart(model, view), new ExposurePanel(model)];
const charts: readonly Panel[] = [
  drawdownChart(model, view),
  ackLatencyChart(model, view),
  new FeedChart(model, view),
  eventRateChart(model, view),
];
const wide: readonly Panel[] = [
  positionsPanel(model),
  feedsPanel(model),
  trustPanel(model, { store, link, frameCostMs: () => loop.costMs }),
];
const narrow: readonly Panel[] = [new StrategiesPanel(model), modelsPanel(model)];

function elements(panels: readonly Panel[]): HTMLElement[] {
  return panels.map((panel) => panel.element);
}

document.body.append(
  strip.summary,
  el('div', { class: 'pinned' }, topBar.element, strip.element),
  el(
    'main',
    { class: 'grid' },
    ...elements(overview),
    ...elements(charts),
    el('div', { class: 'column wide' }, ...elements(wide)),
    el('div', { class: 'column narrow' }, ...elements(narrow)),
  ),
  help.element,
);
for (const panel of [topBar, strip]) loop.add(panel, { always: true });
for (const panel of [...overview, ...charts, ...wide, ...narrow]) loop.add(panel);
for (const { element } of charts) element.classList.add('small-chart');

bindKeys({
  help: () => help.toggle(),
  pause: togglePause,
  filter: () => topBar.filter.focus(),
  clear: () => {
    topBar.filter.value = '';
    topBar.filter.blur();
    view.filterText = '';
    changed();
  },
  window: (ms) => {
    view.windowMs = ms;
    changed();
  },
});

feed.start();
loop.start();
