import { el, setHidden, setText } from './dom.ts';
import { type Frame, type OptionalPanel, panelShell, TABLE_INTERVAL_MS, TextClock } from './panel.ts';
import { type Column, Table } from './table.ts';

/** A row with its key. */
export interface KeyedRow<Row> {
  readonly key: string;
  readonly row: Row;
  readonly stale: boolean;
}

/** What a table panel shows. */
export interface TablePanelOptions<Row> {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: (frame: Frame) => readonly KeyedRow<Row>[];
  readonly emptyText: string;
  /** Rows become cards on phones (default). */
  readonly condenses?: boolean;
  /** Whether the desk has this at all; what has none gives way. */
  readonly present?: () => boolean;
  /** A line below the table. */
  readonly footnote?: (frame: Frame) => string;
}

/** A panel that is a table. */
export class TablePanel<Row> implements OptionalPanel {
  readonly element: HTMLElement;
  readonly title: string;
  readonly #options: TablePanelOptions<Row>;
  readonly #table: Table<Row>;
  readonly #empty: HTMLElement;
  readonly #footnote: HTMLElement = el('p', { class: 'rest' });
  readonly #textClock: TextClock = new TextClock(TABLE_INTERVAL_MS);

  constructor(options: TablePanelOptions<Row>) {
    this.#options = options;
    this.title = options.title;
    const shell = panelShell(options.id, options.title, options.note);
    this.element = shell.element;
    this.#table = new Table(options.title, options.columns, options.condenses);
    this.#empty = el('p', { class: 'empty', text: options.emptyText });
    shell.body.append(this.#table.element, this.#footnote, this.#empty);
  }

  missing(): string | undefined {
    return this.#options.present?.() === false ? this.#options.emptyText : undefined;
  }

  frame(frame: Frame): void {
    if (!this.#textClock.due(frame)) return;
    const rows = this.#options.rows(frame);
    this.#table.show(rows);
    setHidden(this.#table.element, rows.length === 0);
    setHidden(this.#empty, rows.length > 0);
    const footnote = this.#options.footnote?.(frame) ?? '';
    setHidden(this.#footnote, footnote === '');
    setText(this.#footnote, footnote);
    if (rows.length === 0) {
      setText(this.#empty, frame.view.filterText === '' ? this.#options.emptyText : 'Nothing matches the filter.');
    }
  }
}
