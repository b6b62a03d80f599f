import { spawn } from 'node:child_process';
import type { RunOptions } from './program.ts';

const TAIL_LINES = 40;

/**
 * Runs a command at low priority and resolves with its standard output. Rejects with the last lines of both streams
 * when it exits with anything but 0 or cannot be started.
 */
export function runNicely(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('nice', ['-n', '10', command, ...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let both = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      both += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      both += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(stdout);
      const tail = both.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
      return reject(new Error(`${command} ${args.join(' ')}: ${signal ?? `exit code ${code}`}\n${tail}`));
    });
  });
}
