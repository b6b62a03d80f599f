import { ALERTMANAGER_UID, ALERTMANAGER_URL, PROMETHEUS_UID, PROMETHEUS_URL } from './data-sources.ts';

/** Data sources with fixed uids; others that an earlier version of the file provisioned are removed. */
export function dataSourceFile(): object {
  return {
    apiVersion: 1,
    prune: true,
    datasources: [
      {
        name: 'Prometheus',
        uid: PROMETHEUS_UID,
        type: 'prometheus',
        access: 'proxy',
        url: PROMETHEUS_URL,
        isDefault: true,
        editable: false,
        jsonData: {
          httpMethod: 'POST',
          prometheusType: 'Prometheus',
          // How often the desk exports; the rate window is a multiple of it.
          timeInterval: '1s',
          manageAlerts: true,
          alertmanagerUid: ALERTMANAGER_UID,
        },
      },
      {
        name: 'Alertmanager',
        uid: ALERTMANAGER_UID,
        type: 'alertmanager',
        access: 'proxy',
        url: ALERTMANAGER_URL,
        editable: false,
        jsonData: { implementation: 'prometheus', handleGrafanaManagedAlerts: false },
      },
    ],
  };
}

/** Where Grafana finds the boards; docker-compose.yml mounts grafana/dashboards there. */
export function dashboardProviderFile(): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: 'nanometer',
        orgId: 1,
        folder: 'Nanometer',
        type: 'file',
        disableDeletion: true,
        allowUiUpdates: false,
        updateIntervalSeconds: 30,
        options: { path: '/var/lib/nanometer/dashboards' },
      },
    ],
  };
}
