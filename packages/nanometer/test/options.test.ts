import { describe, expect, test } from '@jest/globals';
import { CliError } from '../src/cli-error.ts';
import { helpText } from '../src/options/help-text.ts';
import { nearest } from '../src/options/nearest.ts';
import { parseArguments, parseOptions } from '../src/options/parse-options.ts';
import {
  bytes,
  flag,
  hostPort,
  oneOf,
  port,
  seconds,
  seed,
  speed,
  text,
  textOr,
  webSocketUrl,
} from '../src/options/values.ts';

const TABLE = {
  replay: text('PATH', 'replay'),
  host: textOr('HOST', 'host', '127.0.0.1'),
  speed: speed('speed'),
  port: port('port', 8080),
  statsd: hostPort('statsd'),
  duration: seconds('duration'),
  seed: seed('seed'),
  dialect: oneOf(['etsy', 'dogstatsd'], 'dialect', 'dogstatsd'),
  json: flag('json'),
};

function failure(...args: string[]): CliError {
  try {
    parseOptions(args, TABLE);
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
  throw new Error(`accepted ${args.join(' ')}`);
}

test.each([
  ['1', 1],
  ['9007199254740991', 2 ** 53 - 1],
  ['64KiB', 65_536],
  ['1MiB', 2 ** 20],
  ['3GiB', 3 * 2 ** 30],
])('%s is %s bytes', (given, value) => {
  expect(bytes('').read(given)).toBe(value);
});

test.each(['', '0', '-1', '1.5', '1e6', '1MB', '1 MiB', 'MiB', '9007199254740992', '9007199254740991GiB', 'NaN'])(
  '"%s" is no number of bytes',
  (given) => {
    expect(() => bytes('').read(given)).toThrow('bytes above 0');
  },
);

test('a ws or wss address', () => {
  expect(webSocketUrl('').read('wss://bridge:8081/push').href).toBe('wss://bridge:8081/push');
  expect(webSocketUrl('').read('ws+unix:/run/x.sock:/push').href).toBe('ws+unix:/run/x.sock:/push');
  for (const given of ['http://bridge/', 'bridge:8081', '']) {
    expect(() => webSocketUrl('').read(given)).toThrow('a URL such as ws:');
  }
});

describe('options', () => {
  test('have their defaults when absent', () => {
    expect(parseOptions([], TABLE)).toEqual({
      replay: undefined,
      host: '127.0.0.1',
      speed: undefined,
      port: 8080,
      statsd: undefined,
      duration: undefined,
      seed: undefined,
      dialect: 'dogstatsd',
      json: false,
    });
  });

  test('are read in both spellings', () => {
    const values = parseOptions(
      ['--replay', 'a dir', '--speed=max', '--port=0', '--json', '--statsd', '[::1]:8125'],
      TABLE,
    );
    expect(values).toMatchObject({ replay: 'a dir', speed: 'max', port: 0, json: true });
    expect(values.statsd).toEqual({ host: '::1', port: 8125 });
  });

  test.each([
    [['--sped', 'max'], 'UNKNOWN_OPTION', 'unknown option "--sped"', 'did you mean "--speed"?'],
    [['--nonsense'], 'UNKNOWN_OPTION', 'unknown option "--nonsense"', 'see --help for the options'],
    [['--constructor'], 'UNKNOWN_OPTION', 'unknown option "--constructor"', 'see --help for the options'],
    [['-p', '1'], 'UNKNOWN_OPTION', 'unknown option "-p"', 'see --help for the options'],
    [['--speed'], 'MISSING_VALUE', '--speed needs a value: --speed 1|10|max', undefined],
    [['--json=yes'], 'SURPLUS_VALUE', '--json is a flag and takes no value', undefined],
    [['stray'], 'UNEXPECTED_ARGUMENT', 'unexpected argument "stray"', 'options start with "--"'],
    [['--dialect', 'x'], 'INVALID_VALUE', '--dialect cannot be "x"', 'expected one of etsy, dogstatsd'],
    [['--replay', ''], 'INVALID_VALUE', '--replay cannot be ""', 'expected a text that is not empty'],
  ])('%j is refused', (args, code, message, hint) => {
    const error = failure(...args);
    expect([error.code, error.exitCode, error.message, error.hint]).toEqual([code, 2, message, hint]);
  });

  test.each(['-1', '65536', 'x', '', '1e3', '80.5', ' 80', 'NaN', 'Infinity'])('--port refuses "%s"', (given) => {
    expect(failure(`--port=${given}`).code).toBe('INVALID_VALUE');
  });

  test.each(['localhost', ':8125', 'a:b', 'h:0', 'h:70000', '::1:8125', 'a b:1'])('--statsd refuses "%s"', (given) => {
    expect(failure(`--statsd=${given}`).code).toBe('INVALID_VALUE');
  });

  test.each(['0', '-1', 'fast', 'NaN', 'Infinity', '', '5e-324x'])('--speed refuses "%s"', (given) => {
    expect(failure(`--speed=${given}`).code).toBe('INVALID_VALUE');
  });

  test.each(['0', '-5', 'NaN', 'Infinity', ' ', ''])('--duration refuses "%s"', (given) => {
    expect(failure(`--duration=${given}`).code).toBe('INVALID_VALUE');
  });

  test.each(['-1', '1.5', '4294967296', 'NaN', '-0', ''])('--seed refuses "%s"', (given) => {
    expect(failure(`--seed=${given}`).code).toBe('INVALID_VALUE');
  });
});

test('words may stand before, between and after options', () => {
  const { words, options } = parseArguments(['a', '--port', '1', 'b', '--json', 'c', '--', '--d'], TABLE);
  expect({ words, port: options.port, json: options.json }).toEqual({
    words: ['a', 'b', 'c', '--d'],
    port: 1,
    json: true,
  });
});

test.each([
  ['-v', undefined],
  ['xy', undefined],
  ['pu', undefined],
  ['ub', 'up'],
  ['dmo', 'demo'],
])('"%s" is taken for %s', (given, expected) => {
  expect(nearest(given, ['up', 'demo'])).toBe(expected);
});

test.each([40, 80, 120])('help fits a terminal of %d columns but for what is to be copied', (columns) => {
  const words = 'what comes later is not kept, which is told, and it is a long story that no line can hold at once';
  const example = 'nanometer demo --replay ../shared/data/market --speed 10 --plant-breach 140';
  const options = { replay: text('DIR|FILE', words), 'state-limit': bytes(words) };
  const given = { usage: 'nanometer demo', summary: words, examples: [[example, words]] as const, options };
  const help = helpText(given, columns);
  const wide = help.split('\n').filter((line) => line.length > columns);
  expect(wide.filter((line) => line.trim() !== example)).toEqual([]);
  // Nothing is lost on the way.
  expect(help.replaceAll(/\s+/g, ' ')).toContain(`--replay DIR|FILE ${words}`);
});

test('help shows usage, examples before options, defaults and exit codes', () => {
  const help = helpText({
    usage: 'nanometer demo [options]',
    summary: 'A desk.',
    examples: [['nanometer demo', 'simulated']],
    options: TABLE,
  });
  expect(help.indexOf('Examples:')).toBeLessThan(help.indexOf('Options:'));
  expect(help).toContain('--port PORT');
  expect(help).toContain('(default 8080)');
  expect(help).toMatch(/ 78 {3}input or configuration/);
});
