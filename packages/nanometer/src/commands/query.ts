import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';
import type { OptionTable } from '../options/option.ts';
import { parseArguments, unexpected } from '../options/parse-options.ts';
import { countOr, flag, httpUrl, pairs, text, textOr } from '../options/values.ts';
import { readHistory } from '../query/read-history.ts';
import { reportHistory } from '../query/report.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  bridge: httpUrl("the bridge's page (default http://127.0.0.1:8080/)"),
  from: textOr('TIME', 'a time ago such as -1h, or 2026-01-31T12:00:00Z', '-1h'),
  to: textOr('TIME', 'the same, or now', 'now'),
  step: text('DURATION', 'whole minutes, such as 5m or 1h (default: some 300 steps)'),
  attr: pairs('only series with these attributes'),
  resource: pairs('only series of these resources, such as service.name=desk'),
  rows: countOr('lines of each table, the newest', 20),
  json: flag('the answer as one JSON document'),
} satisfies OptionTable;

/** `nanometer query NAME`: what a metric was, from the bridge's history. */
export const query: Command = {
  help: {
    usage: 'nanometer query NAME [options]',
    summary: "Shows what a metric was, from a bridge's history.",
    examples: [
      ['nanometer query trading.position.exposure --from -6h', 'bars and a table per series'],
      ["nanometer query 'risk.*' --attr trading.currency=USD --step 1h --from -30d", 'hours of a month'],
      ['nanometer query trading.fill.count --json', 'for a script'],
    ],
    options: OPTIONS,
  },
  async run(args, { terminal }) {
    const { words, options: given } = parseArguments(args, OPTIONS);
    const [name = '', surplus] = words;
    if (surplus !== undefined) throw unexpected(surplus);
    if (name === '') {
      throw new CliError('MISSING_ARGUMENT', EXIT.usage, 'query needs the name of a metric', 'nanometer query NAME');
    }
    const { bridge = new URL('http://127.0.0.1:8080/'), ...options } = given;
    const search = new URLSearchParams({ name, from: options.from, to: options.to });
    if (options.step !== undefined) search.set('step', options.step);
    for (const [key, value] of options.attr ?? []) search.set(`attr.${key}`, value);
    for (const [key, value] of options.resource ?? []) search.set(`resource.${key}`, value);
    const answer = await readHistory(bridge, search);
    if (options.json) terminal.out(JSON.stringify(answer));
    else if (answer.series.length === 0) terminal.err(`nothing of ${name} between ${options.from} and ${options.to}`);
    else for (const line of reportHistory(answer, options.rows)) terminal.out(line);
    return answer.series.length === 0 ? EXIT.findings : EXIT.ok;
  },
};
