// For a server whose values come from another thread: what that thread needs of it. No part of the package's stable interface.
export { Backoff } from './client/backoff.ts';
export { LIVE_ERROR_CODES } from './protocol/errors.ts';
export { bearerGrants } from './server/access/bearer-grants.ts';
export { isLocalPeer } from './server/access/host.ts';
export { refuseUpgrade } from './server/access/refuse-upgrade.ts';
export { checkEvent } from './server/check-event.ts';
export type { CheckedEvent, EventRefusal } from './server/check-event.ts';
export { SeriesTable } from './server/series-table.ts';
export type { WriteOutcome } from './server/series-table.ts';
export { UpdateRows } from './server/streams/update-rows.ts';
