import type { CollectorReading, Reading } from './hop.ts';
import { readBridge } from './read-bridge.ts';
import { readCollector } from './read-collector.ts';
import { readPrometheus } from './read-prometheus.ts';
import { readService } from './read-service.ts';
import { addUpdates } from './updates.ts';

/** Where the hops are; one that is left out is not part of the chain. */
export interface ChainAddresses {
  readonly services: readonly URL[];
  /** Collectors in the order in which points pass them. */
  readonly collectors: readonly URL[];
  readonly prometheus: URL | undefined;
  /** Page of the bridge. */
  readonly bridge: URL | undefined;
}

/** Reads every hop, in the direction of the points. Throws `CliError` `HOP_UNREADABLE`. */
export async function readChain({ services, collectors, prometheus, bridge }: ChainAddresses): Promise<Reading> {
  const ofServices = await Promise.all(services.map(readService));
  const ofCollectors: CollectorReading[] = [];
  for (const [index, url] of collectors.entries()) {
    ofCollectors.push(await readCollector(url, collectors.length === 1 ? 'collector' : `collector ${index + 1}`));
  }
  const instances = ofServices.map(({ instance }) => instance);
  const [ofPrometheus, ofBridge] = await Promise.all([
    prometheus &&
      Promise.all(ofServices.map(({ updates, instance }) => readPrometheus(prometheus, updates.keys(), instance))).then(
        addUpdates,
      ),
    bridge && readBridge(bridge, instances),
  ]);
  return { services: ofServices, collectors: ofCollectors, prometheus: ofPrometheus, bridge: ofBridge };
}
