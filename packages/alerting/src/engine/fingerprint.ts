const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const MASK = 0xffffffffffffffffn;
const SEPARATOR = 0xff;

/**
 * Identity of an alert by its labels, as Alertmanager computes it: FNV-1a of 64 bits over the sorted names and values,
 * each followed by a byte 255. Sixteen hexadecimal digits. Made once per alert, so that bigints do no harm.
 */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  let hash = OFFSET;
  const take = (text: string): void => {
    for (const byte of Buffer.from(text, 'utf8')) hash = ((hash ^ BigInt(byte)) * PRIME) & MASK;
    hash = ((hash ^ BigInt(SEPARATOR)) * PRIME) & MASK;
  };
  // By code unit, which for names of labels is by byte.
  for (const name of Object.keys(labels).sort()) {
    take(name);
    take(labels[name]!);
  }
  return hash.toString(16).padStart(16, '0');
}
