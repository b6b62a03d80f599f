import { ALERTMANAGER_URL } from './data-sources.ts';

/** Alertmanager decides who is told, for Grafana as for Prometheus. */
export function contactPointFile(): object {
  return {
    apiVersion: 1,
    contactPoints: [
      {
        orgId: 1,
        name: 'desk',
        receivers: [
          {
            uid: 'nanometer-contact-alertmanager',
            type: 'prometheus-alertmanager',
            settings: { url: ALERTMANAGER_URL },
            disableResolveMessage: false,
          },
        ],
      },
    ],
  };
}

/** The whole policy tree of the organisation: the file replaces it. */
export function policyFile(): object {
  return {
    apiVersion: 1,
    policies: [
      {
        orgId: 1,
        receiver: 'desk',
        group_by: ['grafana_folder', 'alertname'],
        group_wait: '0s',
        group_interval: '10s',
        // Alertmanager takes an alert for resolved when it is not repeated: Grafana states an end four evaluations ahead,
        // two minutes at least.
        repeat_interval: '1m',
      },
    ],
  };
}
