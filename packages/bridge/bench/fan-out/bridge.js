// Child of fan-out.bench.js: a bridge that serves the stream as its argument says.
import { createBridge } from '../../dist/index.js';

const bridge = await createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0, fanOut: process.argv[2] });
process.send(bridge.addresses);
process.once('disconnect', () => void bridge.close().then(() => process.exit(0)));
