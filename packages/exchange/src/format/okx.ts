import { CONTROL_CHANNEL, type MessageFormat } from './description.ts';
import { fieldsOf, firstOf, numberOf, textOf } from './fields.ts';

/** OKX v5: books chain by `prevSeqId` → `seqId`; -1 says that a snapshot starts a new chain. */
export const okx: MessageFormat = () => (message, into) => {
  const fields = fieldsOf(message);
  const arg = fieldsOf(fields['arg']);
  const channel = textOf(arg['channel']);
  // A confirmation carries the channel beside an event, and no data.
  into.channel = channel === undefined || fields['event'] !== undefined ? CONTROL_CHANNEL : channel;
  if (into.channel === CONTROL_CHANNEL) return;
  const data = firstOf(fields['data']);
  into.symbol = textOf(arg['instId']);
  into.eventTimeMs = numberOf(data['ts']) ?? numberOf(data['uTime']);
  into.restarts = fields['action'] === 'snapshot';
  into.lastId = numberOf(data['seqId']);
  into.previousLastId = into.lastId === undefined ? undefined : numberOf(data['prevSeqId']);
};
