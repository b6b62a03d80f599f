/** One field of a protobuf message, as places in its bytes. */
export interface Field {
  readonly number: number;
  /** Where the tag begins. */
  readonly from: number;
  /** Where the value of a length-delimited field begins, after its length; of any other field, after its tag. */
  readonly valueFrom: number;
  readonly to: number;
  readonly isMessage: boolean;
}

/** Bytes that are no protobuf message. */
export class MalformedMessage extends Error {}

/** Reads the fields of the message in `[from, to)`. Throws {@link MalformedMessage}; never reads outside. */
export function* fieldsOf(bytes: Uint8Array, from: number, to: number): Generator<Field> {
  let at = from;
  while (at < to) {
    const tag = varintAt(bytes, at, to);
    const valueAt = tag.to;
    const number = Math.floor(tag.value / 8);
    const wireType = tag.value % 8;
    if (number === 0) throw new MalformedMessage(`field number 0 at byte ${at}`);
    let valueFrom = valueAt;
    let end: number;
    if (wireType === 0) end = varintAt(bytes, valueAt, to).to;
    else if (wireType === 1) end = valueAt + 8;
    else if (wireType === 5) end = valueAt + 4;
    else if (wireType === 2) {
      const length = varintAt(bytes, valueAt, to);
      valueFrom = length.to;
      end = valueFrom + length.value;
    } else throw new MalformedMessage(`wire type ${wireType} at byte ${at}`);
    if (end > to) throw new MalformedMessage(`a field at byte ${at} ends ${end - to} bytes after its message`);
    yield { number, from: at, valueFrom, to: end, isMessage: wireType === 2 };
    at = end;
  }
}

/** An unsigned varint, exact to 2^53. */
export function varintAt(bytes: Uint8Array, from: number, to: number): { value: number; to: number } {
  let value = 0;
  let weight = 1;
  for (let at = from; at < to && at < from + 10; at++) {
    const byte = bytes[at]!;
    value += (byte & 0x7f) * weight;
    if (byte < 0x80) return { value, to: at + 1 };
    weight *= 128;
  }
  throw new MalformedMessage(`a varint at byte ${from} does not end`);
}
