// Child of the suite `live`: a bridge in memory on free ports, and on a Unix socket.
import { createBridge } from '@nanometer/bridge';
import { freshSocketPath } from '../measure/fresh-socket-path.js';

const bridge = await createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0, socketPath: freshSocketPath() });
process.send(bridge.addresses);
process.once('disconnect', () => void bridge.close().then(() => process.exit(0)));
