import { FSYNC_POLICIES, type FsyncPolicy } from '@nanometer/exporter-otlp/log';
import { type CheckedReceiver, checkedReceivers, type ReceiverOptions } from '../delivery/receiver-options.ts';
import { AlertingError } from '../errors.ts';
import type { JournalOptions } from '../journal/alert-journal.ts';
import type { Inhibition } from '../rules/rule.ts';
import type { AlertView } from './held-alert.ts';

/** Settings of an `AlertCenter`. */
export interface CenterOptions {
  readonly receivers?: readonly ReceiverOptions[];
  readonly inhibitions?: readonly Inhibition[];
  /** A folder of its own for the state; without it the state ends with the process. */
  readonly stateDirectory?: string;
  /** When a change is on the disk: `always` before receivers are told, `interval` every second, `never`. Default `always`. */
  readonly fsync?: FsyncPolicy;
  /** Most bytes of the state's log. Default 1 GiB. */
  readonly logLimitBytes?: number;
  /** Bytes of log after which the whole state is saved. Default 8 MiB. */
  readonly snapshotBytes?: number;
  /** Most alerts held; further ones are counted. Default 50,000. */
  readonly alertLimit?: number;
  /** Most silences. Default 1,000. */
  readonly silenceLimit?: number;
  /** Told of all alerts after changes, once per turn of the event loop. */
  readonly onAlertsChanged?: (alerts: readonly AlertView[]) => void;
  /** Told of trouble that does not stop the center, once per cause. Default: standard error. */
  readonly onTrouble?: (text: string) => void;
  /** Unix milliseconds. Default `Date.now`. */
  readonly now?: () => number;
  /** A number in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

export type CheckedCenterOptions = Required<
  Pick<CenterOptions, 'inhibitions' | 'alertLimit' | 'silenceLimit' | 'onTrouble' | 'now' | 'random'>
> & {
  readonly receivers: readonly CheckedReceiver[];
  readonly journal: JournalOptions | undefined;
  readonly onAlertsChanged: ((alerts: readonly AlertView[]) => void) | undefined;
};

/** Applies defaults. @throws AlertingError `OPTION_INVALID`, `RECEIVER_INVALID` */
export function checkedCenterOptions(options: CenterOptions): CheckedCenterOptions {
  const { stateDirectory: directory, fsync = 'always', now = Date.now } = options;
  const onTrouble = options.onTrouble ?? ((text: string) => void process.stderr.write(`alerts: ${text}\n`));
  if (directory === '') throw new AlertingError('OPTION_INVALID', 'stateDirectory is ""; a folder is needed');
  if (!FSYNC_POLICIES.includes(fsync)) {
    throw new AlertingError('OPTION_INVALID', `fsync is "${fsync}"; one of ${FSYNC_POLICIES.join(', ')} is needed`);
  }
  const limitBytes = whole('logLimitBytes', options.logLimitBytes ?? 2 ** 30, 65_536, 2 ** 40);
  const snapshotBytes = whole('snapshotBytes', options.snapshotBytes ?? 8 * 1024 * 1024, 1024, 2 ** 40);
  return {
    receivers: checkedReceivers(options.receivers ?? []),
    inhibitions: options.inhibitions ?? [],
    journal: directory === undefined ? undefined : { directory, fsync, limitBytes, snapshotBytes, now, onTrouble },
    alertLimit: whole('alertLimit', options.alertLimit ?? 50_000, 1, 10_000_000),
    silenceLimit: whole('silenceLimit', options.silenceLimit ?? 1000, 1, 1_000_000),
    onAlertsChanged: options.onAlertsChanged,
    onTrouble,
    now,
    random: options.random ?? Math.random,
  };
}

function whole(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new AlertingError(
    'OPTION_INVALID',
    `${option} is ${value}; it must be a whole number from ${least} to ${most}`,
  );
}
