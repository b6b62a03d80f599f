import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'src', 'page');

/** A script that makes the page's chart and history known in a browser as `charts.LineChart` and `charts.History`. */
export async function chartScript(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { LineChart } from './draw/line-chart.ts'; export { History } from './store/history.ts';`,
      resolveDir: SOURCE,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'charts',
    platform: 'browser',
    target: 'chrome120',
  });
  return (outputFiles[0] as { readonly text: string }).text;
}
