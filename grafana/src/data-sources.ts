/** Fixed identifiers: dashboards and rules refer to a data source by uid, and a uid must survive every regeneration. */
export const PROMETHEUS_UID = 'nanometer-prometheus';
export const ALERTMANAGER_UID = 'nanometer-alertmanager';

// The names of the services in docker-compose.yml.
export const PROMETHEUS_URL = 'http://prometheus:9090';
export const ALERTMANAGER_URL = 'http://alertmanager:9093';
