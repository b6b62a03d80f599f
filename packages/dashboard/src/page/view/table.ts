import { el, setClass, setText } from './dom.ts';

/** What a table cell shows. */
export interface CellText {
  readonly text: string;
  /** Gain and loss colour the text, quiet dims it, strong is what to read first, alarm says it must not be so. */
  readonly tone?: 'gain' | 'loss' | 'quiet' | 'warn' | 'strong' | 'alarm' | '';
}

/** A column of a {@link Table}. */
export interface Column<Row> {
  /** Heading with its unit. */
  readonly heading: string;
  readonly text?: boolean;
  /** Place in the card that a row becomes on phones. */
  readonly area?: string;
  readonly cell: (row: Row) => CellText;
}

interface CellElement {
  readonly element: HTMLTableCellElement;
  tone: CellText['tone'];
}

interface RowElements {
  readonly element: HTMLTableRowElement;
  readonly cells: readonly CellElement[];
}

/** A table whose rows are kept by key and whose cells change only their text; on phones a row becomes a card. */
export class Table<Row> {
  readonly element: HTMLTableElement;
  readonly #columns: readonly Column<Row>[];
  readonly #body: HTMLTableSectionElement;
  readonly #rows: Map<string, RowElements> = new Map();
  #order = '';

  /**
   * @param caption - spoken name of the table.
   * @param condenses - rows become cards on phones; narrow tables stay tables.
   */
  constructor(caption: string, columns: readonly Column<Row>[], condenses: boolean = true) {
    this.#columns = columns;
    this.#body = el('tbody');
    const headings = columns.map((column) =>
      el('th', {
        text: column.heading,
        class: column.text === true ? 'text' : '',
        attributes: { scope: 'col' },
      }),
    );
    this.element = el(
      'table',
      { class: condenses ? 'table condenses' : 'table' },
      el('caption', { class: 'spoken', text: caption }),
      el('thead', {}, el('tr', {}, ...headings)),
      this.#body,
    );
  }

  /** Shows rows in the given order; `stale` greys a row. */
  show(rows: readonly { readonly key: string; readonly row: Row; readonly stale?: boolean }[]): void {
    for (const { key, row, stale } of rows) {
      const elements = this.#row(key);
      setClass(elements.element, 'stale', stale === true);
      this.#columns.forEach((column, index) => {
        const cell = elements.cells[index] as CellElement;
        const { text, tone = '' } = column.cell(row);
        setText(cell.element, text);
        if (tone === cell.tone) return;
        if (cell.tone) cell.element.classList.remove(cell.tone);
        if (tone !== '') cell.element.classList.add(tone);
        cell.tone = tone;
      });
    }
    const order = rows.map(({ key }) => key).join('\u0001');
    if (order === this.#order) return;
    this.#order = order;
    this.#body.replaceChildren(...rows.map(({ key }) => this.#row(key).element));
  }

  #row(key: string): RowElements {
    let row = this.#rows.get(key);
    if (row === undefined) {
      const cells = this.#columns.map((column): CellElement => {
        const element = el('td', {
          class: `${column.text === true ? 'text ' : ''}area-${column.area ?? 'none'}`,
          attributes: { 'data-heading': column.heading },
        });
        return { element, tone: '' };
      });
      row = { element: el('tr', {}, ...cells.map(({ element }) => element)), cells };
      this.#rows.set(key, row);
    }
    return row;
  }
}
