// Child of fan-out.bench.js: a bridge that serves the stream as its argument says.
import { createBridge } from '../../dist/index.js';

const mode = process.argv[2] === 'inline' ? { fanOut: 'inline' } : { fanOut: 'worker', pushPort: 0 };
const bridge = await createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0, ...mode });
process.send(bridge.addresses);
process.once('disconnect', () => void bridge.close().then(() => process.exit(0)));
