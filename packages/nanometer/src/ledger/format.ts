import { table } from '../output/table.ts';
import type { Balance, Row } from './balance.ts';
import type { ChainAddresses } from './read-chain.ts';

/** The chain as a picture, a table and a verdict. */
export function ledgerText({ rows, missingUpdates, complete }: Balance, addresses: ChainAddresses): string {
  const header = ['hop', 'received', 'passed on', 'held', 'dropped', 'missing'];
  const lines = [picture(addresses), '', table(header, rows.map(cells)), ''];
  for (const { name, unit, dropped, note } of rows) {
    if (note !== undefined) lines.push(`${name}: ${note}`);
    for (const [cause, count] of Object.entries(dropped)) {
      if (count !== 0)
        lines.push(`${name}: dropped ${number(count)} ${unit}, ${cause === '' ? 'no cause given' : cause}`);
    }
  }
  for (const [place, families] of Object.entries(missingUpdates)) {
    const entries = Object.entries(families);
    if (entries.length === 0) lines.push(`${place}: every counter of the services has arrived`);
    for (const [family, count] of entries) lines.push(`${place}: ${number(count)} of ${family} are missing`);
  }
  lines.push(complete ? 'Nothing is missing.' : 'SOMETHING IS MISSING.');
  return lines.join('\n');
}

function picture({ services, collectors, prometheus, bridge }: ChainAddresses): string {
  const hop = (name: string, present: boolean): string => (present ? name : `(no ${name})`);
  const from = `${services.length === 1 ? 'service' : `${services.length} services`} → log → ${collectors.length > 1 ? `${collectors.length} collectors` : hop('collector', collectors.length === 1)} ─┬→ `;
  const below = `${' '.repeat(from.length - 3)}└→ `;
  return [
    `${from}${hop('Prometheus', prometheus !== undefined)}`,
    `${below}${hop('bridge', bridge !== undefined)}${bridge === undefined ? '' : ' → Prometheus text, StatsD, subscribers'}`,
  ].join('\n');
}

function cells(row: Row): string[] {
  const { name, received, forwarded, held, dropped, missing } = row;
  const drops = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  return [name, number(received), number(forwarded), number(held), number(drops), number(missing)];
}

function number(value: number | undefined): string {
  return value === undefined ? '–' : value.toLocaleString('en-US');
}
