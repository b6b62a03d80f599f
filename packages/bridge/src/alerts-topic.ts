/** Topic of the live stream with the alerts, the first of them when there are many; who may hear it may acknowledge them. */
export const ALERTS_TOPIC = 'alerts';
