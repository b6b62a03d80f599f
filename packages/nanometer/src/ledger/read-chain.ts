import type { Reading } from './hop.ts';
import { readBridge } from './read-bridge.ts';
import { readCollector } from './read-collector.ts';
import { readPrometheus } from './read-prometheus.ts';
import { readService } from './read-service.ts';
import { addUpdates } from './updates.ts';

/** Where the hops are; one that is left out is not part of the chain. */
export interface ChainAddresses {
  readonly services: readonly URL[];
  readonly collector: URL | undefined;
  readonly prometheus: URL | undefined;
  /** Page of the bridge. */
  readonly bridge: URL | undefined;
}

/** Reads every hop, in the direction of the points. Throws `CliError` `HOP_UNREADABLE`. */
export async function readChain({ services, collector, prometheus, bridge }: ChainAddresses): Promise<Reading> {
  const ofServices = await Promise.all(services.map(readService));
  const ofCollector = collector && (await readCollector(collector));
  const instances = ofServices.map(({ instance }) => instance);
  const [ofPrometheus, ofBridge] = await Promise.all([
    prometheus &&
      Promise.all(ofServices.map(({ updates, instance }) => readPrometheus(prometheus, updates.keys(), instance))).then(
        addUpdates,
      ),
    bridge && readBridge(bridge, instances),
  ]);
  return { services: ofServices, collector: ofCollector, prometheus: ofPrometheus, bridge: ofBridge };
}
