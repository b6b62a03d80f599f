import { readFileSync } from 'node:fs';
import { type LiveToken, TOKEN_LENGTH_LEAST } from '@nanometer/live';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';
import { nearest } from '../options/nearest.ts';

/** Who may open the stream, who may push, who may scrape, and who may send OTLP. */
export interface BridgeTokens {
  readonly liveTokens?: readonly LiveToken[];
  readonly pushTokens?: readonly string[];
  readonly metricsTokens?: readonly string[];
  readonly otlpTokens?: readonly string[];
}

const SECTIONS = ['live', 'push', 'metrics', 'otlp'] as const;
const FIELDS = ['name', 'token', 'scope', 'topics'] as const;

/**
 * The tokens of a YAML or JSON file:
 *
 * ```yaml
 * live:                               # who may open the page's stream, and what they see
 *   - name: desk-a
 *     token: at-least-16-characters
 *     scope: { desk.name: a }         # only series with these attributes; left out: all
 *     topics: [alerts]                # events; left out: all without a scope, none with one
 * push: [another-16-characters]       # services of other machines
 * metrics: [yet-another-16-characters] # who scrapes /metrics
 * otlp: [and-yet-another-of-them]      # who sends OTLP
 * ```
 *
 * @throws CliError `TOKENS_INVALID` with file, line and column, and never the token; `FILE_UNREADABLE`.
 */
export function tokensFrom(file: string): BridgeTokens {
  const places = new LineCounter();
  const document = parseDocument(textOf(file), { lineCounter: places });
  const refuse = (node: Node | null | undefined, message: string, hint?: string): never => {
    const { line, col } = places.linePos(node?.range?.[0] ?? 0);
    throw new CliError('TOKENS_INVALID', EXIT.config, `${file}:${line}:${col}: ${message}`, hint);
  };
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line, col } = places.linePos(problem.pos[0]);
    // The parser's own message shows the line, which may hold a token.
    throw new CliError('TOKENS_INVALID', EXIT.config, `${file}:${line}:${col}: this is no YAML (${problem.code})`);
  }

  const fieldsOf = (node: unknown, known: readonly string[], what: string): Map<string, Node> => {
    if (!isMap(node)) return refuse(node as Node | null, `${what} must be a map of ${known.join(', ')}`);
    const fields = new Map<string, Node>();
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (!known.includes(name)) {
        const guess = nearest(name, known);
        refuse(key as Node, `${what} has no "${name}"`, guess === undefined ? undefined : `did you mean "${guess}"?`);
      }
      fields.set(name, value as Node);
    }
    return fields;
  };
  const itemsOf = (node: Node, what: string): readonly Node[] =>
    isSeq(node) && node.items.length > 0
      ? (node.items as Node[])
      : refuse(node, `${what} must be a list that is not empty; leave it out to let everyone in`);
  const wordOf = (node: Node | undefined, parent: Node, what: string): string =>
    isScalar(node) && typeof node.value === 'string' && node.value !== ''
      ? node.value
      : refuse(node ?? parent, `${what} must be a text that is not empty`);
  const secretOf = (node: Node | undefined, parent: Node, what: string): string => {
    const secret = wordOf(node, parent, what);
    if (secret.length >= TOKEN_LENGTH_LEAST) return secret;
    return refuse(node, `${what} has ${secret.length} characters, expected at least ${TOKEN_LENGTH_LEAST}`);
  };
  const liveToken = (node: Node, index: number): LiveToken => {
    const what = `live[${index}]`;
    const fields = fieldsOf(node, FIELDS, what);
    const scope = fields.get('scope');
    if (scope !== undefined && !isMap(scope)) refuse(scope, `${what}.scope must be a map of attributes`);
    const topics = fields.get('topics');
    return {
      name: wordOf(fields.get('name'), node, `${what}.name`),
      token: secretOf(fields.get('token'), node, `${what}.token`),
      ...(scope === undefined ? {} : { scope: scope.toJS(document) as NonNullable<LiveToken['scope']> }),
      ...(topics === undefined
        ? {}
        : { topics: itemsOf(topics, `${what}.topics`).map((each) => wordOf(each, topics, `${what}.topics`)) }),
    };
  };

  const sections = fieldsOf(document.contents, SECTIONS, 'the file of tokens');
  const live = sections.get('live');
  const secretsOf = (name: 'push' | 'metrics' | 'otlp'): readonly string[] | undefined => {
    const node = sections.get(name);
    return node && itemsOf(node, name).map((each, index) => secretOf(each, node, `${name}[${index}]`));
  };
  const pushTokens = secretsOf('push');
  const metricsTokens = secretsOf('metrics');
  const otlpTokens = secretsOf('otlp');
  return {
    ...(live === undefined ? {} : { liveTokens: itemsOf(live, 'live').map(liveToken) }),
    ...(pushTokens === undefined ? {} : { pushTokens }),
    ...(metricsTokens === undefined ? {} : { metricsTokens }),
    ...(otlpTokens === undefined ? {} : { otlpTokens }),
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError('FILE_UNREADABLE', EXIT.config, `--tokens cannot be read: ${why}`);
  }
}
