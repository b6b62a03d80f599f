/** Bytes kept free before a frame, for the longest header of a message; a multiple of 8 keeps the columns aligned. */
export const MESSAGE_ROOM = 16;

/** RFC 6455, 5.2: the last and only fragment of a binary message. */
const FIN_BINARY = 0x82;
/** A payload length of 16 bits follows, or one of 64. */
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/**
 * A frame as the WebSocket message in which a server sends it. The header is written into the `MESSAGE_ROOM` bytes before
 * the frame in its buffer, nothing is copied. What a server sends is not masked, so the bytes are the same for all clients.
 */
export function binaryMessage(frame: Uint8Array<ArrayBuffer>): Buffer {
  const { buffer, byteOffset, byteLength } = frame;
  const header = headerBytes(byteLength);
  const message = Buffer.from(buffer, byteOffset - header, header + byteLength);
  message[0] = FIN_BINARY;
  if (header === 2) message[1] = byteLength;
  else if (header === 4) {
    message[1] = LENGTH_16;
    message.writeUInt16BE(byteLength, 2);
  } else {
    message[1] = LENGTH_64;
    message.writeUInt32BE(0, 2);
    message.writeUInt32BE(byteLength, 6);
  }
  return message;
}

/** Of a message whose payload has so many bytes: the shortest form is the only one allowed. */
function headerBytes(payloadBytes: number): 2 | 4 | 10 {
  if (payloadBytes < LENGTH_16) return 2;
  return payloadBytes < 65_536 ? 4 : 10;
}
