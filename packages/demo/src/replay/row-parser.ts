import type { MarketMessage } from '../market/message.ts';
import type { Row } from './row.ts';

/** Turns the rows of one file into messages, whose `timeMs` is still Unix time. */
export interface RowParser {
  readonly row: Row;
  /** Rows left out on purpose, by reason. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Reads one row. @throws ReplayError `malformed_row` */
  parse(line: string, lineNumber: number, out: MarketMessage[]): void;
  /** Gives out what the last rows left pending. */
  end(out: MarketMessage[]): void;
}

/** The market a file belongs to. */
export interface MarketId {
  readonly exchange: string;
  readonly symbol: string;
}
