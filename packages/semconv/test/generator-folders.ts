import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from '@jest/globals';

export const folders: string[] = [];

/** Writes files into a new folder and returns its path. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'semconv-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export const DESK = `group: desk
brief: A desk.
attributes:
  - name: desk.name
    type: string
    description: Name of the desk.
    examples: [a, b]
metrics:
  - name: desk.order.count
    instrument: counter
    unit: '{order}'
    valueType: int
    attributes: [desk.name]
    description: Orders.
    definition: One per order.
  - name: desk.wait.duration
    instrument: histogram
    unit: s
    valueType: double
    attributes: []
    buckets: [0.1, 1]
    description: Wait.
    definition: Clock.
`;

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
