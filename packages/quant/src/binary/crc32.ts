const POLYNOMIAL = 0xedb88320;

const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let code = byte;
  for (let bit = 0; bit < 8; bit++) code = code & 1 ? (code >>> 1) ^ POLYNOMIAL : code >>> 1;
  return code >>> 0;
});

/** CRC-32 of IEEE 802.3, as gzip and PNG use it, as an unsigned number. */
export function crc32(bytes: Uint8Array): number {
  let code = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) {
    code = (code >>> 8) ^ (TABLE[(code ^ (bytes[at] as number)) & 0xff] as number);
  }
  return (code ^ 0xffffffff) >>> 0;
}
