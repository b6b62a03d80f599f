import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { backtestAnswers, dailyReturns } from './backtest-answers.ts';
import { answersOf, answersOfMarket } from './market-answers.ts';
import { epochSecondsOf, lastMid, recordedTrades } from './market-data.ts';
import { classifiedPrints, MILLISECONDS_PER_SECOND, nationalQuotes, tapeTrades } from './national-data.ts';
import { faceValueOf, sampledFillAnswers } from './pnl-answers.ts';

const HELP = `Computes microstructure, sampled-fill P&L and value-at-risk backtests of recorded markets.

  npm run -s golden -- --data ../shared/data/market --json

For every pair STEM-bbo.csv.gz and STEM-trades.csv.gz: the answers of the market, and "pnl". For every pair
STEM-nbbo.csv.gz and STEM-trades.csv.gz (no side on the tape) the same, with sides by Lee and Ready: "pnl" leaves out
trades whose side stays unknown. For every us-equity-daily-*.csv.gz: the backtests of each symbol.
A market whose files cannot be read, or one of them is missing, has an "error" in place of its answers.
Files may be plain .csv as well.
Exit code: 0, 1 where a market has an error or there is none, 2 for wrong usage.
`;

/** What a market of a folder is computed from. */
interface Source {
  readonly stem: string;
  readonly answer: () => object;
}

const CSV = String.raw`\.csv(?:\.gz)?$`;

/**
 * Answers of every market in a folder, by the stem of its files. One that cannot be read has its `error` there instead,
 * and the others are computed.
 */
export function goldenAnswers(folder: string, progress: (stem: string) => void): Readonly<Record<string, object>> {
  const answers: Record<string, object> = {};
  for (const { stem, answer } of sourcesIn(folder)) {
    progress(stem);
    try {
      answers[stem] = answer();
    } catch (error) {
      answers[stem] = { error: (error as Error).message };
    }
  }
  return answers;
}

function sourcesIn(folder: string): readonly Source[] {
  const files = readdirSync(folder).toSorted();
  const find = (stem: string, kind: string): string | undefined =>
    files.find((file) => file === `${stem}-${kind}.csv.gz` || file === `${stem}-${kind}.csv`);
  return files.flatMap((file): Source[] => {
    const [, stem = '', kind] = new RegExp(`^(.*)-(bbo|nbbo|trades)${CSV}`).exec(file) ?? [];
    if (kind === 'bbo' || kind === 'nbbo') {
      const trades = find(stem, 'trades');
      if (trades === undefined) return [missing(stem, `${stem}-trades.csv.gz`)];
      const compute = kind === 'bbo' ? answersOfPair : answersOfNationalMarket;
      return [{ stem, answer: () => compute(join(folder, file), join(folder, trades), stem) }];
    }
    if (kind === 'trades') {
      return find(stem, 'bbo') === undefined && find(stem, 'nbbo') === undefined
        ? [missing(stem, `${stem}-bbo.csv.gz or ${stem}-nbbo.csv.gz`)]
        : [];
    }
    const daily = new RegExp(`^(.*-daily-.*?)${CSV}`).exec(file)?.[1];
    if (daily === undefined || file.startsWith('reference-')) return [];
    return [{ stem: daily, answer: () => answersOfDays(join(folder, file)) }];
  });
}

function missing(stem: string, file: string): Source {
  return {
    stem,
    answer: () => {
      throw new Error(`${file} is missing: a market needs both its quotes and its trades`);
    },
  };
}

function answersOfPair(quotes: string, trades: string, stem: string): object {
  const epoch = epochSecondsOf(trades);
  // Read first: it says of a file without a quote what is wrong with it.
  epochSecondsOf(quotes);
  return {
    ...answersOfMarket(quotes, trades),
    pnl: sampledFillAnswers(recordedTrades(trades, epoch), lastMid(quotes), faceValueOf(stem)),
  };
}

function answersOfDays(file: string): object {
  const series = [...dailyReturns(file)];
  if (series.length === 0) throw new Error(`${file} has a header and no rows`);
  return Object.fromEntries(series.map(([symbol, returns]) => [symbol, backtestAnswers(returns)]));
}

/** The same answers where the national best quote is recorded side by side and trades carry no side. */
function answersOfNationalMarket(quotes: string, trades: string): object {
  let lastMid = Number.NaN;
  for (const { bid, ask } of nationalQuotes(quotes)) lastMid = (bid + ask) / 2;
  if (Number.isNaN(lastMid)) throw new Error(`${quotes} has no row that completes a quote of both sides`);
  return {
    ...answersOf(nationalQuotes(quotes), tapeTrades(trades), { unitsPerSecond: MILLISECONDS_PER_SECOND }),
    pnl: sampledFillAnswers(classifiedPrints(nationalQuotes(quotes), tapeTrades(trades)), lastMid),
  };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function run(): number {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.data === undefined || !isFolder(values.data)) {
    process.stderr.write(`golden: --data must name a folder that exists, got ${values.data ?? 'nothing'}\n\n${HELP}`);
    return 2;
  }
  const answers = goldenAnswers(values.data, (stem) => process.stderr.write(`golden: ${stem}\n`));
  process.stdout.write(`${JSON.stringify(answers, null, values.json === true ? 0 : 2)}\n`);
  for (const [stem, answer] of Object.entries(answers)) {
    if ('error' in answer) process.stderr.write(`golden: ${stem}: ${String(answer.error)}\n`);
  }
  if (Object.keys(answers).length === 0) process.stderr.write(`golden: ${values.data} holds no market\n`);
  return Object.keys(answers).length === 0 || Object.values(answers).some((answer) => 'error' in answer) ? 1 : 0;
}

if (import.meta.main) {
  try {
    process.exitCode = run();
  } catch (error) {
    process.stderr.write(`golden: ${(error as Error).message}\n\n${HELP}`);
    process.exitCode = 2;
  }
}
