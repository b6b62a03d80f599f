import { existsSync, readdirSync } from 'node:fs';
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
Exit code: 0, or 2 for wrong usage.
`;

/** Answers of every market in a folder, by the stem of its files. */
export function goldenAnswers(folder: string, progress: (stem: string) => void): Readonly<Record<string, object>> {
  const files = readdirSync(folder).toSorted();
  const answers: Record<string, object> = {};
  for (const file of files) {
    const stem = /^(.*)-bbo\.csv\.gz$/.exec(file)?.[1];
    if (stem !== undefined && files.includes(`${stem}-trades.csv.gz`)) {
      progress(stem);
      const quotes = join(folder, file);
      const trades = join(folder, `${stem}-trades.csv.gz`);
      const prints = recordedTrades(trades, epochSecondsOf(trades));
      answers[stem] = {
        ...answersOfMarket(quotes, trades),
        pnl: sampledFillAnswers(prints, lastMid(quotes), faceValueOf(stem)),
      };
    }
    const national = /^(.*)-nbbo\.csv\.gz$/.exec(file)?.[1];
    if (national !== undefined && files.includes(`${national}-trades.csv.gz`)) {
      progress(national);
      answers[national] = answersOfNationalMarket(join(folder, file), join(folder, `${national}-trades.csv.gz`));
    }
    const daily = /^(.*-daily-.*)\.csv\.gz$/.exec(file)?.[1];
    if (daily !== undefined && !file.startsWith('reference-')) {
      progress(daily);
      const series = [...dailyReturns(join(folder, file))];
      answers[daily] = Object.fromEntries(series.map(([symbol, returns]) => [symbol, backtestAnswers(returns)]));
    }
  }
  return answers;
}

/** The same answers where the national best quote is recorded side by side and trades carry no side. */
function answersOfNationalMarket(quotes: string, trades: string): object {
  let lastMid = Number.NaN;
  for (const { bid, ask } of nationalQuotes(quotes)) lastMid = (bid + ask) / 2;
  return {
    ...answersOf(nationalQuotes(quotes), tapeTrades(trades), { unitsPerSecond: MILLISECONDS_PER_SECOND }),
    pnl: sampledFillAnswers(classifiedPrints(nationalQuotes(quotes), tapeTrades(trades)), lastMid),
  };
}

function run(): number {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.data === undefined || !existsSync(values.data)) {
    process.stderr.write(`golden: --data must name a folder that exists, got ${values.data ?? 'nothing'}\n\n${HELP}`);
    return 2;
  }
  const answers = goldenAnswers(values.data, (stem) => process.stderr.write(`golden: ${stem}\n`));
  process.stdout.write(`${JSON.stringify(answers, null, values.json === true ? 0 : 2)}\n`);
  return 0;
}

if (import.meta.main) {
  try {
    process.exitCode = run();
  } catch (error) {
    process.stderr.write(`golden: ${(error as Error).message}\n\n${HELP}`);
    process.exitCode = 2;
  }
}
