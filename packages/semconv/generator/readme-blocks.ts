import type { Group } from './model.ts';
import { didYouMean } from './naming.ts';
import { ModelError, type Problem } from './problem.ts';
import { cardsProvenIn, tablesOf } from './write-docs.ts';

const BEGIN = /^<!-- semconv:begin (group|proof)=(\S+) -->$/;
const END = '<!-- semconv:end -->';

/**
 * Fills every block of a README between `<!-- semconv:begin group=NAME -->` and `<!-- semconv:end -->`, each marker on a
 * line of its own, with that group's tables; a block `proof=packages/NAME` with the cards that the package's tests or
 * published answers prove.
 * @throws ModelError when a block names an unknown group or does not end.
 */
export function fillBlocks(file: string, markdown: string, groups: readonly Group[]): string {
  const problems: Problem[] = [];
  const filled: string[] = [];
  let begun: number | undefined;
  const unended = (): void => {
    if (begun === undefined) return;
    problems.push({ file, line: begun, column: 1, message: `this block does not end with ${END}` });
  };
  for (const [index, line] of markdown.split('\n').entries()) {
    const [, kind, name] = BEGIN.exec(line) ?? [];
    if (name !== undefined) {
      unended();
      begun = index + 1;
      filled.push(line, kind === 'proof' ? cardsOrProblem(name) : tablesOrProblem(name));
    } else if (line === END) {
      begun = undefined;
      filled.push(line);
    } else if (begun === undefined) filled.push(line);
  }
  unended();
  if (problems.length > 0) throw new ModelError(problems);
  return filled.join('\n');

  function cardsOrProblem(folder: string): string {
    const prefix = `test:${folder}/`;
    if (
      groups.some(({ cards }) => [...cards.values()].some(({ proof }) => proof.some((one) => one.startsWith(prefix))))
    ) {
      return cardsProvenIn(groups, prefix);
    }
    problems.push({ file, line: begun ?? 1, column: 1, message: `no card is proven by a test in "${folder}"` });
    return '';
  }

  function tablesOrProblem(name: string): string {
    const group = groups.find((candidate) => candidate.name === name);
    if (group !== undefined) return tablesOf(group);
    const names = groups.map((candidate) => candidate.name);
    const message = `no group "${name}"${didYouMean(name, names)} (known: ${names.join(', ')})`;
    problems.push({ file, line: begun ?? 1, column: 1, message });
    return '';
  }
}
