import { matrixOfPairs, readCorrelation } from './correlation/matrix.ts';
import { AlertBook } from './feed/alert-book.ts';
import { LiveFeed } from './feed/live-feed.ts';
import { Session, tabStorage } from './feed/session.ts';
import { HistoryClient } from './history/history-client.ts';
import { marketMode } from './market-mode.ts';
import { createModel } from './model.ts';
import { ActivityPanel } from './panels/activity.ts';
import { AlertRail } from './panels/alert-rail.ts';
import { ackLatencyChart, drawdownChart, eventRateChart } from './panels/charts.ts';
import { CorrelationPanel } from './panels/correlation.ts';
import { ExposurePanel } from './panels/exposure.ts';
import { experimentsPanel } from './panels/experiments.ts';
import { FeedChart } from './panels/feed-chart.ts';
import { feedsPanel } from './panels/feeds.ts';
import { HistoryPanel } from './panels/history.ts';
import { markoutsPanel } from './panels/markouts.ts';
import { modelsPanel } from './panels/models.ts';
import { PnlChart } from './panels/pnl-chart.ts';
import { positionsPanel } from './panels/positions.ts';
import { RateLimitsPanel } from './panels/rate-limits.ts';
import { SpectrumPanel } from './panels/spectrum.ts';
import { StrategiesPanel } from './panels/strategies.ts';
import { Strip } from './panels/strip.ts';
import { tailRiskPanel } from './panels/tail-risk.ts';
import { TopologyPanel } from './panels/topology.ts';
import { trustPanel } from './panels/trust.ts';
import { Store } from './store/store.ts';
import { Absent } from './view/absent.ts';
import { Chime } from './view/chime.ts';
import { recallColors } from './view/colors.ts';
import { Columns } from './view/columns.ts';
import { el } from './view/dom.ts';
import { keepFocusInSight } from './view/focus-in-sight.ts';
import { Help } from './view/help.ts';
import { bindKeys } from './view/keys.ts';
import { Loop } from './view/loop.ts';
import { leastFrameMs, leastWrittenMs } from './view/pace.ts';
import type { Panel } from './view/panel.ts';
import { SignIn } from './view/sign-in.ts';
import { skipLink } from './view/skip-link.ts';
import { TopBar } from './view/top-bar.ts';
import { ViewState } from './view/view-state.ts';

recallColors();
const store = new Store();
const model = createModel(store);
const view = new ViewState();
const base = new URL('./', location.href.replace(/[#?].*$/, '')).href;
const session = new Session(new URL('ticket', base).href, tabStorage());
const feed = new LiveFeed(store, new URL('live', base.replace(/^http/, 'ws')).href, {
  session,
  // Messages cost more than what is in them: none come that would not be drawn.
  minIntervalMs: leastFrameMs(),
  writtenIntervalMs: leastWrittenMs(),
  onNews: () => {
    // A display that stands still shows nothing new; how much it missed may wait for the next look.
    if (!view.paused) loop.wake();
  },
  onRefused: (problem) => signIn.show(problem === '' ? undefined : problem),
});
const signIn = new SignIn({
  signIn: async (token) => {
    const problem = await session.signIn(token);
    if (problem === undefined) feed.start();
    return problem;
  },
});
/** As {@link fetch}, with the reader's token. */
const ask = (url: string, init: RequestInit = {}): Promise<Response> =>
  fetch(url, { ...init, headers: { ...(init.headers as Record<string, string> | undefined), ...session.headers() } });
const help = new Help();
let updatesAtPause = 0;

const loop: Loop = new Loop(
  () => {
    feed.settle();
    return { nowMs: view.paused ? view.pausedAtMs : feed.nowMs(), version: store.version, view };
  },
  () => feed.takeArrivedAt(),
);

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
  reader: () => session.reader,
  onSignIn: () => signIn.show(),
  onSignOut: () => {
    session.signOut();
    // Nothing of what was seen stays behind.
    location.reload();
  },
  onHelp: () => help.toggle(),
  onChange: changed,
});
const book = new AlertBook(base, ask);
const alerts = new AlertRail({
  book,
  chime: new Chime(),
  locate: (text) => {
    topBar.filter.value = text;
    view.filterText = text.toLowerCase();
    changed();
    document.querySelector('#positions')?.scrollIntoView({ block: 'center' });
  },
});
const strip = new Strip(model, { sources: store.sources, link, book });
const overview: readonly Panel[] = [new PnlChart(model, view), new ExposurePanel(model)];
const charts: readonly Panel[] = [
  drawdownChart(model, view),
  ackLatencyChart(model, view),
  new FeedChart(model, view),
  eventRateChart(model, view),
];
const tail = tailRiskPanel(model);
const experiments = experimentsPanel(model);
const markouts = markoutsPanel(model);
const limiters = new RateLimitsPanel(model);
const models = modelsPanel(model);
const correlation = new CorrelationPanel(() => {
  const pairs = model.tail.pairs.cells().filter(({ value }) => !Number.isNaN(value));
  return matrixOfPairs(
    pairs.map(({ key, value }) => ({ first: key[0] as string, second: key[1] as string, value })),
    store.sources.newestMs,
    pairs[0]?.key[2] ?? '',
  );
});
const activity = new ActivityPanel(model, view);
const spectrum = new SpectrumPanel(model, view);
const past = new HistoryPanel(model, {
  client: new HistoryClient(base, ask),
  view,
  nowMs: () => feed.nowMs(),
});
const topology = new TopologyPanel(() => ({
  model,
  sources: store.sources.list(),
  link: link(),
  arrival: feed.arrival,
}));
const absent = new Absent([
  past,
  topology,
  alerts,
  tail,
  experiments,
  activity,
  correlation,
  markouts,
  spectrum,
  limiters,
  models,
]);
const wide: readonly Panel[] = [
  positionsPanel(model),
  past,
  tail,
  experiments,
  activity,
  topology,
  feedsPanel(model),
  trustPanel(model, { store, link, arrival: feed.arrival, paint: loop.paint, frameCostMs: () => loop.costMs }),
];
const narrow: readonly Panel[] = [alerts, new StrategiesPanel(model), markouts, correlation];
/** Where columns are of different height these go to the shorter one. */
const movable: readonly Panel[] = [spectrum, limiters, models];

function elements(panels: readonly Panel[]): HTMLElement[] {
  return panels.map((panel) => panel.element);
}

const columns = new Columns(elements(wide), elements(narrow), elements(movable));
const main = el(
  'main',
  { class: 'grid', attributes: { tabindex: '-1' } },
  ...elements(overview),
  ...elements(charts),
  columns.wide,
  columns.narrow,
  absent.element,
);
document.body.append(
  skipLink(main),
  strip.summary,
  el('div', { class: 'pinned' }, topBar.element, strip.element),
  main,
  // At the bottom of a phone: the last thing that is seen is the last that Tab reaches.
  alerts.bar,
  help.element,
  signIn.element,
);
const collector = { element: el('i'), frame: ({ nowMs }: { readonly nowMs: number }) => activity.collect(nowMs) };
for (const panel of [topBar, strip, absent, alerts, collector]) loop.add(panel, { always: true });
for (const panel of [...overview, ...charts, ...wide, ...narrow, ...movable]) if (panel !== alerts) loop.add(panel);
for (const { element } of charts) element.classList.add('small-chart');

keepFocusInSight();
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
  fullScreen: () => {
    // A browser may refuse; the page is then as large as it was.
    if (document.fullscreenElement === null) document.documentElement.requestFullscreen().catch(() => undefined);
    else void document.exitFullscreen();
  },
  go: (panel) => {
    const element = document.getElementById(panel);
    if (element === null || element.hidden) return;
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'center' });
  },
});

feed.listen('correlation', (body) => correlation.take(readCorrelation(body)));
feed.listen('alerts', (body) => book.take(body));
feed.start();
loop.start();
// Only over https or from this machine; without it the page works as long as its bridge does.
navigator.serviceWorker?.register('./offline-worker.js').catch(() => undefined);
