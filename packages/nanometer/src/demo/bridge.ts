import { type Bridge, BridgeError, type BridgeErrorCode, type BridgeOptions, createBridge } from '@nanometer/bridge';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

/** What would be right, by the bridge's option. */
const HINTS: Readonly<Record<string, string>> = {
  port: otherPort('--port'),
  pushPort: otherPort('--push-port'),
  socketPath: 'choose another path with --socket PATH',
  pushAccess: 'leave out --push-access, or the section push of --tokens',
  metricsAccess: 'leave out --metrics-access, or the section metrics of --tokens',
  otlpAccess: 'leave out --otlp-access, or the section otlp of --tokens',
  otlpGrpcPort: otherPort('--otlp-grpc-port'),
  otlpHttpPort: otherPort('--otlp-http-port'),
  stateDirectory: 'choose another folder with --state DIR',
  history: 'choose another folder with --history DIR',
  host: 'give --tls-cert FILE and --tls-key FILE, or --plaintext where something else protects it',
};

const EXIT_BY_CODE: Readonly<Record<BridgeErrorCode, ExitCode>> = {
  INVALID_OPTION: EXIT.usage,
  PORT_IN_USE: EXIT.temporary,
  PATH_IN_USE: EXIT.temporary,
  LISTEN_FAILED: EXIT.temporary,
  STATE_IN_USE: EXIT.temporary,
  STATE_UNUSABLE: EXIT.config,
  RULES_INVALID: EXIT.config,
};

/** Starts a bridge; a taken port or a bad option becomes an error for the terminal that names the flag to change. */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  try {
    return await createBridge(options);
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error;
    throw new CliError(error.code, EXIT_BY_CODE[error.code], error.message, hintOf(error));
  }
}

function hintOf({ message, option = '' }: BridgeError): string | undefined {
  // No other port helps where the host is none of this machine's.
  if (/\b(?:ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL)\b/.test(message))
    return 'give an address of this machine with --host HOST';
  return HINTS[option];
}

function otherPort(flag: string): string {
  return `choose another port with ${flag} PORT; 0 takes any free one`;
}
