// A bridge in a process of its own, so that it can be killed: options as JSON in the first argument; prints its
// addresses as one line of JSON when it is ready.
import { type BridgeOptions, createBridge } from '@nanometer/bridge';

const options = JSON.parse(process.argv[2] ?? '{}') as BridgeOptions;
const bridge = await createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0, ...options });
process.stdout.write(`${JSON.stringify(bridge.addresses)}\n`);
process.on('SIGTERM', () => void bridge.close().then(() => process.exit(0)));
