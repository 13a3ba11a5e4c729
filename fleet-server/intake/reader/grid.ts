/** A file as rows of text under titles: what is left of it once its format does not matter any more. */
import type { IntakeField } from '@junkai/contracts';
import { findHeader, isForbidden } from '../header.ts';
import { IntakeError } from '../intake-error.ts';
import { parseCsv } from './csv.ts';
import { decodeText } from './decode.ts';
import { isWorkbook, readWorkbook } from './xlsx.ts';

export const MOST_ROWS = 5000;
export const MOST_BYTES = 10 * 1024 * 1024;
/** Titles, remarks and empty rows beside those with data. */
const SPARE_ROWS = 200;
const MOST_COLUMNS = 60;
const MOST_LETTERS = 500;
const EXAMPLE = /^[(（【]?記入例/;

export interface Grid {
	readonly file: string;
	readonly sheet: string | null;
	readonly sheets: readonly string[];
	readonly encoding: string;
	readonly certainty: 'certain' | 'likely' | 'unsure';
	/** As the spreadsheet counts. */
	readonly headerRow: number;
	readonly titles: readonly string[];
	readonly fields: readonly (IntakeField | null)[];
	readonly rows: readonly { readonly row: number; readonly cells: readonly string[] }[];
}

export interface GridOptions {
	readonly file: string;
	readonly encoding: 'auto' | 'utf-8' | 'shift_jis';
	readonly sheet?: string | undefined;
}

/** @throws {IntakeError} that says what is wrong with the file and what to do */
export function readGrid(bytes: Uint8Array, { file, encoding, sheet }: GridOptions): Grid {
	if (bytes.length === 0) throw new IntakeError('empty', 'The file is empty.');
	if (bytes.length > MOST_BYTES) throw new IntakeError('too-large', `The file is larger than ${MOST_BYTES / 1024 / 1024} MB.`);
	if (isWorkbook(bytes)) {
		const read = readWorkbook(bytes, sheet, MOST_ROWS + SPARE_ROWS);
		return gridOf(read.rows, { file, sheet: read.name, sheets: read.names, encoding: 'XLSX', certainty: 'certain' });
	}
	if (bytes.includes(0) && bytes[0] !== 0xff && bytes[0] !== 0xfe) {
		throw new IntakeError('not-a-spreadsheet', 'This is neither a CSV file nor an XLSX workbook.');
	}
	const { text, encoding: found, certainty } = decodeText(bytes, encoding);
	return gridOf(parseCsv(text, MOST_ROWS + SPARE_ROWS), { file, sheet: null, sheets: [], encoding: found, certainty });
}

function gridOf(all: readonly string[][], about: Pick<Grid, 'file' | 'sheet' | 'sheets' | 'encoding' | 'certainty'>): Grid {
	const { data, row, titles, fields } = findHeader(all);
	const forbidden = new Set(titles.flatMap((title, at) => (isForbidden(title) ? [at] : [])));
	const width = Math.min(MOST_COLUMNS, Math.max(titles.length, ...all.map((cells) => cells.length), 1));
	const rows = all
		.map((cells, at) => ({
			row: at + 1,
			cells: Array.from({ length: width }, (_, column) =>
				forbidden.has(column) ? '' : (cells[column] ?? '').trim().slice(0, MOST_LETTERS),
			),
		}))
		.slice(data)
		.filter(({ cells }) => cells.some((cell) => cell !== ''))
		.filter(({ cells }) => !cells.some((cell) => EXAMPLE.test(cell)));
	if (rows.length === 0) throw new IntakeError('empty', 'The file has titles at the most, and no row below them.');
	if (rows.length > MOST_ROWS) throw new IntakeError('too-many-rows', `The file has more than ${MOST_ROWS} rows. Divide it.`);
	const padded = <T>(list: readonly T[], empty: T): T[] => Array.from({ length: width }, (_, at) => list[at] ?? empty);
	return {
		...about,
		headerRow: row + 1,
		titles: padded(titles, '').map((title) => title.replaceAll(/\s+/g, ' ').trim().slice(0, MOST_LETTERS)),
		fields: padded<IntakeField | null>(fields, null),
		rows,
	};
}
