// Child of the suite `live`: a bridge in memory on free ports.
import { createBridge } from '@nanometer/bridge';

const bridge = await createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0 });
process.send(bridge.addresses);
process.once('disconnect', () => void bridge.close().then(() => process.exit(0)));
