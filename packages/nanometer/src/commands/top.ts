import { setTimeout as pause } from 'node:timers/promises';
import type { LiveClient } from '@nanometer/live';
import { bearerOf } from '../access/bearer.ts';
import { checkAccess } from '../access/check-access.ts';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { liveUrlOf } from '../live-url.ts';
import type { OptionTable } from '../options/option.ts';
import { parseOptions } from '../options/parse-options.ts';
import { count, flag, httpUrl, oneOf, secondsOr, textOr } from '../options/values.ts';
import { Activity, type SeriesActivity } from '../top/activity.ts';
import { listenToKeys } from '../top/keys.ts';
import { screenLines } from '../top/screen.ts';
import { SORT_KEYS, type SortKey, sorted } from '../top/sort.ts';
import type { Command, Surroundings } from './command.ts';

const OPTIONS = {
  bridge: httpUrl("the bridge's page (default http://127.0.0.1:8080/)"),
  match: textOr('GLOB', 'metrics to watch, such as risk.*', '*'),
  sort: oneOf(SORT_KEYS, 'what comes first', 'rate'),
  rows: count('series to show (default: what fits the screen, 20 without one)'),
  every: secondsOr('between two looks', 1),
  wait: secondsOr('how long the bridge may take to answer and to show its first values', 5),
  once: flag('one look, then end'),
  json: flag('one JSON document per look, one a line'),
} satisfies OptionTable;

const ROWS_WITHOUT_SCREEN = 20;
/** CSI H and 2J: home, clear. CSI ?25 hides and shows the cursor. */
const CLEAR = '\u001B[H\u001B[2J';

/** `nanometer top`: the busiest series, as they move. */
export const top: Command = {
  help: {
    usage: 'nanometer top [options]',
    summary: 'Shows the busiest series of a bridge in the terminal, as they move.',
    examples: [
      ['nanometer top', 'beside `nanometer up` or `npm start`; q quits, r n v a sort'],
      ["nanometer top --match 'risk.*' --sort value", 'the largest risk numbers'],
      ['nanometer top --once --json', 'for a script'],
    ],
    options: OPTIONS,
  },
  async run(args, surroundings) {
    const options = parseOptions(args, OPTIONS);
    const page = options.bridge ?? new URL('http://127.0.0.1:8080/');
    let activity = new Activity(performance.now());
    const live = await import('@nanometer/live');
    const client = new live.LiveClient({
      url: liveUrlOf(page).href,
      ...bearerOf(process.env),
      onFrame: ({ ids }) => activity.count(ids),
      onReset: () => activity.reset(performance.now()),
    });
    try {
      const limit = AbortSignal.any([AbortSignal.timeout(options.wait * 1000), surroundings.interrupted]);
      await connected(client, page, options.match, limit);
      // The snapshot counted every series once: it is where counting starts from, not activity.
      activity = new Activity(performance.now());
      return await watch(client, () => activity, options, surroundings);
    } finally {
      client.close();
    }
  },
};

interface TopOptions {
  readonly match: string;
  readonly sort: SortKey;
  readonly rows: number | undefined;
  readonly every: number;
  readonly once: boolean;
  readonly json: boolean;
}

async function watch(
  client: LiveClient,
  activity: () => Activity,
  options: TopOptions,
  { terminal, interrupted }: Surroundings,
): Promise<ExitCode> {
  const stop = new AbortController();
  const ended = AbortSignal.any([stop.signal, interrupted]);
  let sort = options.sort;
  const screen = process.stdout.isTTY && !options.json && !options.once;
  const release =
    screen && process.stdin.isTTY
      ? listenToKeys(process.stdin, { quit: () => stop.abort(), sortBy: (key) => (sort = key) })
      : () => undefined;
  try {
    do {
      await pause(options.every * 1000, undefined, { signal: ended }).catch(() => {});
      const series = activity().look(client.store, performance.now(), Date.now());
      show(series, { ...options, sort }, client, screen, terminal);
    } while (!options.once && !ended.aborted);
  } finally {
    release();
  }
  return EXIT.ok;
}

function show(
  series: readonly SeriesActivity[],
  options: TopOptions,
  client: LiveClient,
  screen: boolean,
  terminal: Surroundings['terminal'],
): void {
  const rows = options.rows ?? (screen ? process.stdout.rows : ROWS_WITHOUT_SCREEN + 3);
  const first = sorted(series, options.sort);
  const updatesPerSecond = series.reduce((sum, each) => sum + each.updatesPerSecond, 0);
  if (options.json) {
    const shown = options.rows === undefined ? first : first.slice(0, options.rows);
    terminal.out(JSON.stringify({ timeMs: Date.now(), series: series.length, updatesPerSecond, top: shown }));
    return;
  }
  const { state } = client.status;
  const summary =
    `${series.length} series match ${options.match}, ${updatesPerSecond.toFixed(0)} updates/s, by ${options.sort}` +
    (state === 'open' ? '' : ` · ${state}`);
  const size = { columns: screen ? process.stdout.columns : 100, rows: options.rows === undefined ? rows : rows + 3 };
  terminal.out(`${screen ? CLEAR : ''}${screenLines(first, summary, size).join('\n')}`);
}

/** @throws CliError `BRIDGE_UNREACHABLE`. */
async function connected(client: LiveClient, page: URL, match: string, limit: AbortSignal): Promise<void> {
  const hint = 'start one with `nanometer up`, or say where it is with --bridge URL';
  const none = new CliError('BRIDGE_UNREACHABLE', EXIT.unreachable, `no live stream at ${page.href}`, hint);
  const gone = new Promise<never>((_, reject) => {
    limit.addEventListener('abort', () => reject(none));
  });
  const open = async (): Promise<void> => {
    // Nobody there is known at once, and will not be told by the client, which tries again for ever.
    if (!(await checkAccess(page, limit))) throw none;
    await client.connect();
    await client.subscribe({ names: [match] }).ready;
  };
  await Promise.race([open(), gone]);
}
