/** Sheets of an XLSX workbook as rows of text. */
import XLSX, { type CellObject, type WorkBook, type WorkSheet } from '@e965/xlsx';
import { HEADER_SEARCH_ROWS, findHeader } from '../header.ts';
import { IntakeError } from '../intake-error.ts';
import { checkZip } from './zip.ts';

/** The old binary Excel, and whatever Excel has locked with a password, are OLE files. */
const OLE = [0xd0, 0xcf, 0x11, 0xe0];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const MOST_COLUMNS = 60;

const beginsWith = (bytes: Uint8Array, signature: readonly number[]): boolean => signature.every((byte, at) => bytes[at] === byte);
export const isWorkbook = (bytes: Uint8Array): boolean => beginsWith(bytes, OLE) || beginsWith(bytes, ZIP);

export interface Sheet {
	readonly name: string;
	readonly names: string[];
	readonly rows: string[][];
}

/**
 * @param wanted name of the sheet; the one with the most known titles when absent
 * @param most rows at the most; one more than that is read
 */
export function readWorkbook(bytes: Uint8Array, wanted: string | undefined, most: number): Sheet {
	if (beginsWith(bytes, OLE)) throw oldOrLocked(bytes);
	checkZip(bytes);
	let book: WorkBook;
	try {
		book = XLSX.read(bytes, {
			type: 'array',
			dense: true,
			cellNF: true,
			cellFormula: true,
			cellHTML: false,
			cellText: false,
			sheetRows: most + 1,
		});
	} catch (cause) {
		throw new IntakeError('damaged', 'The workbook cannot be read. Open it in the program that made it and save it anew as XLSX.', {
			cause,
		});
	}
	const visible = book.SheetNames.filter((_, at) => (book.Workbook?.Sheets?.[at]?.Hidden ?? 0) === 0);
	const names = (visible.length === 0 ? book.SheetNames : visible).slice(0, 100);
	if (wanted !== undefined && !names.includes(wanted))
		throw new IntakeError('no-such-sheet', `The workbook has no sheet "${wanted}".`);
	const date1904 = book.Workbook?.WBProps?.date1904 === true;
	const sheets = (wanted === undefined ? names : [wanted]).map((name) => ({
		name,
		names,
		rows: rowsOf(book.Sheets[name]!, date1904),
	}));
	const score = ({ rows }: Sheet): number => findHeader(rows).fields.filter((field) => field !== null).length;
	const best = sheets.toSorted((a, b) => score(b) - score(a))[0];
	if (best === undefined) throw new IntakeError('empty', 'The workbook has no sheet.');
	return best;
}

function oldOrLocked(bytes: Uint8Array): IntakeError {
	const locked = Buffer.from('EncryptedPackage', 'utf16le');
	if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(locked)) {
		return new IntakeError(
			'password',
			'The workbook is locked with a password. Take the password away in Excel (File, Info) and save it.',
		);
	}
	return new IntakeError(
		'old-excel',
		'This is an Excel file of the old kind (.xls). Open it in Excel and save it as "Excel workbook (.xlsx)" or as CSV.',
	);
}

function rowsOf(sheet: WorkSheet, date1904: boolean): string[][] {
	const data = (sheet['!data'] ?? []) as (CellObject | undefined)[][];
	const rows = Array.from({ length: data.length }, (_, at) =>
		Array.from(data[at] ?? [], (cell) => (cell === undefined ? '' : textOf(cell, date1904))).slice(0, MOST_COLUMNS),
	);
	// What is merged down holds for each of its rows; what is merged across, only where titles can be.
	for (const { s, e } of sheet['!merges'] ?? []) {
		const text = rows[s.r]?.[s.c] ?? '';
		if (text === '' || s.c >= MOST_COLUMNS) continue;
		const across = s.r < HEADER_SEARCH_ROWS ? Math.min(e.c, MOST_COLUMNS - 1) : s.c;
		for (let r = s.r; r <= Math.min(e.r, rows.length - 1); r++) {
			for (let c = s.c; c <= across; c++) if ((rows[r]![c] ?? '') === '') rows[r]![c] = text;
		}
	}
	return rows.map((row) => Array.from(row, (cell) => cell ?? ''));
}

const two = (number: number): string => String(number).padStart(2, '0');

/** As the sheet shows it, but dates in full: a cell that shows 3/4 knows its year. */
function textOf(cell: CellObject, date1904: boolean): string {
	if (cell.t === 'e') return cell.w ?? '#REF!';
	if (cell.v === undefined) return cell.f === undefined ? '' : '#VALUE!';
	if (cell.t !== 'n') return typeof cell.v === 'boolean' ? String(cell.v).toUpperCase() : String(cell.v).trim();
	const value = Number(cell.v);
	const format = typeof cell.z === 'string' ? cell.z : 'General';
	if (XLSX.SSF.is_date(format)) return dateText(value, format, date1904);
	if (format === 'General' || format === '@') return String(value);
	const shown = XLSX.SSF.format(format, value) as string;
	// A format that makes a telephone number of a number is how it is meant; one that only groups or rounds is not.
	return /^[\d()-]+$/.test(shown) && shown.includes('-') && value > 0 ? shown : String(value);
}

function dateText(value: number, format: string, date1904: boolean): string {
	const date = XLSX.SSF.parse_date_code(value, { date1904 }) as { y: number; m: number; d: number; H: number; M: number } | null;
	if (date === null || value < 0) return String(value);
	const time = `${date.H}:${two(date.M)}`;
	if (value < 1) return time;
	const day = `${date.y}-${two(date.m)}-${two(date.d)}`;
	return /h/i.test(format.replaceAll(/\[[^\]]*\]|"[^"]*"/g, '')) && (date.H > 0 || date.M > 0) ? `${day} ${time}` : day;
}
