import { type Bridge, BridgeError, type BridgeOptions, createBridge } from '@nanometer/bridge';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';

const FLAG_BY_OPTION: Readonly<Record<string, string>> = {
  port: '--port',
  otlpGrpcPort: '--otlp-grpc-port',
  otlpHttpPort: '--otlp-http-port',
};

/** Starts a bridge; a taken port or a bad option becomes an error for the terminal that names the flag to change. */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  try {
    return await createBridge(options);
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error;
    const flag = FLAG_BY_OPTION[error.option ?? ''];
    const hint = flag === undefined ? undefined : `choose another port with ${flag} PORT; 0 takes any free one`;
    throw new CliError(error.code, error.code === 'INVALID_OPTION' ? EXIT.usage : EXIT.temporary, error.message, hint);
  }
}
