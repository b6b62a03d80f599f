import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, beforeEach } from '@jest/globals';
import { type MarketFeed, type MarketMessage, openReplay } from '../src/index.ts';

export const root = mkdtempSync(join(tmpdir(), 'nanometer-replay-'));

export let folder = '';

export let folderCount = 0;

export function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

export async function readAll(feed: MarketFeed, sliceMs = 50): Promise<MarketMessage[]> {
  const all: MarketMessage[] = [];
  for (;;) {
    const next = await feed.nextTimeMs();
    if (next === undefined) break;
    await feed.takeUntil(next + sliceMs, all);
  }
  await feed.close();
  return all;
}

export async function read(path: string): Promise<MarketMessage[]> {
  return readAll(await openReplay(path));
}

export const BBO_HEADER = 'recv_ns,event_ms,tx_ms,update_id,bid_px,bid_qty,ask_px,ask_qty';

export const BBO_ROW = '1723161256000000000,1723161257270,,7,61804.70,35,61804.80,1645';

export function zip(
  name: string,
  content: Buffer,
  method: 0 | 8,
  extra: Partial<{ flags: number; entries: number }> = {},
): Buffer {
  const data = method === 8 ? deflateRawSync(content) : content;
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(method, 8);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(extra.flags ?? 0, 8);
  central.writeUInt16LE(method, 10);
  central.writeUInt32LE(crc32(content), 16);
  central.writeUInt32LE(data.length, 20);
  central.writeUInt32LE(content.length, 24);
  central.writeUInt16LE(name.length, 28);
  const before = Buffer.concat([local, Buffer.from(name), data]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(extra.entries ?? 1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(before.length, 16);
  return Buffer.concat([before, central, Buffer.from(name), end]);
}

afterAll(() => rmSync(root, { recursive: true }));

beforeEach(() => {
  folder = mkdtempSync(join(root, `${folderCount++}-`));
});
