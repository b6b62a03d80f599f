import { join } from 'node:path';
import type { ReceiverOptions } from '@nanometer/alerting';
import type { BridgeAlertOptions } from '@nanometer/bridge';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';

/** Options of a command that say who is told of alerts. */
export interface ReceiverFlags {
  readonly alertmanager?: URL | undefined;
  readonly webhook?: URL | undefined;
  readonly 'alerts-file'?: string | undefined;
}

/** The receivers that options name. A webhook's secret comes from the environment, where `ps` does not show it. */
export function receiversOf(options: ReceiverFlags, secret: string | undefined): ReceiverOptions[] {
  const { alertmanager, webhook, 'alerts-file': path } = options;
  const signed = secret === undefined || secret === '' ? {} : { secret };
  return [
    ...(alertmanager === undefined ? [] : [{ kind: 'alertmanager', url: alertmanager.href } as const]),
    ...(webhook === undefined ? [] : [{ kind: 'webhook', url: webhook.href, ...signed } as const]),
    ...(path === undefined ? [] : [{ kind: 'file', path } as const]),
  ];
}

/** The bridge's alerts; with a state folder theirs is a folder in it. */
export function alertOptions(
  options: ReceiverFlags & { readonly rules: string | undefined; readonly state: string | undefined },
  secret: string | undefined,
): BridgeAlertOptions | undefined {
  const receivers = receiversOf(options, secret);
  const { rules: rulesFile, state } = options;
  if (rulesFile !== undefined) {
    return {
      rulesFile,
      receivers,
      ...(state === undefined ? {} : { stateDirectory: join(state, 'alerts') }),
    };
  }
  if (receivers.length === 0) return undefined;
  const message = 'there is somebody to tell of alerts, but there are no rules';
  throw new CliError('INCOMPATIBLE_OPTIONS', EXIT.usage, message, 'add --rules FILE');
}
