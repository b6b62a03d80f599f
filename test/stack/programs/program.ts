/** How to obtain one real program. */
export interface Recipe {
  readonly name: string;
  readonly version: string;
  /** Everything that decides what is built; a change of it makes a new cache entry. */
  readonly manifest: string;
  /** Executables the build leaves in its output folder. */
  readonly executables: readonly string[];
  /** Builds into `output`; `scratch` is an empty folder that is deleted afterwards. */
  build(tools: BuildTools): Promise<void>;
}

/** What a recipe may use. */
export interface BuildTools {
  readonly output: string;
  readonly scratch: string;
  /** Runs a command at low priority; rejects with its last lines when it fails. */
  readonly run: (command: string, args: readonly string[], options?: RunOptions) => Promise<string>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}
