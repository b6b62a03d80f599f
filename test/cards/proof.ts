import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultOf } from '../../packages/quant/test/vectors/result.ts';
import { readVectors, type Vector } from '../../packages/quant/test/vectors/vector.ts';

/** Where proofs are looked for. */
export interface ProofSources {
  /** The checkout, for `test:` entries. */
  readonly checkout: string;
  /** The file of published answers, or `undefined` where the data is missing: then `vector:` entries are not checked. */
  readonly vectorFile: string | undefined;
}

/** Checks entries of `proof`, each vector and file once. */
export class ProofChecker {
  readonly #sources: ProofSources;
  readonly #vectors: ReadonlyMap<string, Vector>;
  readonly #outcomes = new Map<string, string | undefined>();
  readonly #files = new Map<string, string | undefined>();

  constructor(sources: ProofSources) {
    this.#sources = sources;
    const { vectorFile } = sources;
    const vectors = vectorFile === undefined ? [] : readVectors(vectorFile);
    this.#vectors = new Map(vectors.map((vector) => [vector.id, vector]));
  }

  /** Why the entry proves nothing, or `undefined` when it does: its vector passes, or its test is in its file. */
  faultOf(entry: string): string | undefined {
    if (!this.#outcomes.has(entry)) {
      const [, kind, what] = /^(vector|test):(.*)$/.exec(entry) ?? [];
      if (what === undefined) this.#outcomes.set(entry, 'names neither a vector nor a test');
      else this.#outcomes.set(entry, kind === 'vector' ? this.#vectorFault(what) : this.#testFault(what));
    }
    return this.#outcomes.get(entry);
  }

  #vectorFault(id: string): string | undefined {
    const { vectorFile } = this.#sources;
    if (vectorFile === undefined) return undefined;
    const vector = this.#vectors.get(id);
    if (vector === undefined) return `there is no vector "${id}"`;
    const { pass, problems } = resultOf(vector, vectorFile);
    return pass ? undefined : `vector "${id}" is missed: ${problems.join('; ')}`;
  }

  // That the test passes is shown by the run this check is part of: it is found by the same runner.
  #testFault(what: string): string | undefined {
    const at = what.indexOf('#');
    const file = what.slice(0, at);
    const name = what.slice(at + 1);
    const source = this.#source(file);
    if (source === undefined) return `there is no file ${file}`;
    const quoted = [`'${name.replaceAll("'", String.raw`\'`)}'`, `"${name}"`, `\`${name}\``];
    const open = String.raw`\b(?:test|it)(?:\.each[^(]*\([\s\S]*?\))?\(\s*`;
    return quoted.some((literal) => new RegExp(open + escaped(literal)).test(source))
      ? undefined
      : `${file} has no test named "${name}"`;
  }

  #source(file: string): string | undefined {
    if (!this.#files.has(file)) {
      const path = join(this.#sources.checkout, file);
      this.#files.set(file, existsSync(path) ? readFileSync(path, 'utf8') : undefined);
    }
    return this.#files.get(file);
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
