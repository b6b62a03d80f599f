import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';
import { nearest } from '../options/nearest.ts';
import type { OptionTable } from '../options/option.ts';
import { parseArguments } from '../options/parse-options.ts';
import { flag, oneOf, text, textOr } from '../options/values.ts';
import { GENERATED_TIERS } from '../rules/generated-tiers.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  rules: text('FILE', 'rules test: the rule file, when the test file does not say'),
  history: text('URL|FILE', "rules preview: a bridge's page, or recorded points, a JSON line each, ascending in time"),
  from: textOr('TIME', "rules preview: from when of a bridge's history", '-6h'),
  step: textOr('DURATION', "rules preview: of a bridge's history, whole minutes", '1m'),
  tier: oneOf(GENERATED_TIERS, 'rules generate: whose file', 'prometheus'),
  datasource: textOr('UID', 'rules generate --tier grafana: uid of the Prometheus data source', 'nanometer-prometheus'),
  json: flag('JSON on standard output'),
} satisfies OptionTable;

const VERBS: readonly string[] = ['check', 'test', 'preview', 'generate'];

/** `nanometer rules`: alert rules, before they run. */
export const rules: Command = {
  help: {
    usage: 'nanometer rules check|test|preview|generate FILE… [options]',
    summary: 'Checks, tests, previews alert rules, and generates the rules of Prometheus and Grafana from them.',
    examples: [
      ['nanometer rules check alerts.yaml', 'all mistakes, each with line, column and what would be right'],
      ['nanometer rules test alerts.test.rules', 'input series and expected alerts; ends with 1 when one fails'],
      ['nanometer rules preview alerts.yaml --history points.ndjson', 'what would have fired'],
      [
        'nanometer rules preview alerts.yaml --history http://127.0.0.1:8080/ --from -7d',
        'the same over what a bridge keeps',
      ],
      ['nanometer rules generate alerts.yaml --tier prometheus', "Prometheus' rule file on standard output"],
    ],
    options: OPTIONS,
  },
  async run(args, { terminal }) {
    const {
      words: [verb, ...files],
      options,
    } = parseArguments(args, OPTIONS);
    if (verb === undefined) {
      const hint = `one of ${VERBS.join(', ')}`;
      throw new CliError('MISSING_ARGUMENT', EXIT.usage, 'rules needs to be told what to do', hint);
    }
    if (!VERBS.includes(verb)) {
      const guess = nearest(verb, VERBS);
      const hint = guess === undefined ? `one of ${VERBS.join(', ')}` : `did you mean "nanometer rules ${guess}"?`;
      throw new CliError('UNKNOWN_COMMAND', EXIT.usage, `unknown command "rules ${verb}"`, hint);
    }
    const [file] = files;
    const one = verb === 'preview' || verb === 'generate';
    if (file === undefined || (one && files.length > 1)) {
      const message = `rules ${verb} needs ${one ? 'one file' : 'a file'}`;
      throw new CliError('MISSING_ARGUMENT', EXIT.usage, message, `nanometer rules ${verb} FILE`);
    }
    if (verb === 'check') {
      const { checkFiles } = await import('../rules/check-command.ts');
      return checkFiles(files, options.json, terminal);
    }
    if (verb === 'test') {
      const { testFiles } = await import('../rules/test-command.ts');
      return testFiles(files, options.rules, options.json, terminal);
    }
    if (verb === 'preview') {
      const { previewFile } = await import('../rules/preview-command.ts');
      return previewFile(file, options.history, options.from, options.step, options.json, terminal);
    }
    const { generateFile } = await import('../rules/generate-command.ts');
    return generateFile(file, options.tier, options.datasource, options.json, terminal);
  },
};
