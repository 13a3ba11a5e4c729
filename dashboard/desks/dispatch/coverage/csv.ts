/** Tables as CSV that a Japanese spreadsheet opens by a double click: UTF-8 with a byte order mark, CRLF. */

export type Cell = string | number | null;

/** Text that a spreadsheet would take for a formula; numbers and dates are left alone. */
const FORMULA = /^[=+\-@\t\r]/;

export function csv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
	const line = (cells: readonly Cell[]) => cells.map(written).join(',');
	return `\uFEFF${[header, ...rows].map(line).join('\r\n')}\r\n`;
}

function written(cell: Cell): string {
	if (cell === null) return '';
	if (typeof cell === 'number') return String(cell);
	const text = FORMULA.test(cell) ? `'${cell}` : cell;
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Hands a file to the person. */
export function save(name: string, text: string): void {
	const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
	URL.revokeObjectURL(url);
}
