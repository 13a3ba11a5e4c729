/** All rows of a file as they are read by now: with what was put right by hand, and with each other. */
import type { IntakeFault, IntakeField, IntakeFixes, IntakePreview, IntakeRow } from '@junkai/contracts';
import { gently } from '../registry/gentle.ts';
import type { Places } from './places/find.ts';
import type { Grid } from './reader/grid.ts';
import type { KnownPatient, KnownPatients } from './known.ts';
import { neededFields, readRow, type Values } from './row.ts';

export interface SheetContext {
	readonly places: Places;
	readonly today: string;
	readonly known: KnownPatients;
}

export async function readSheet(id: string, grid: Grid, fixes: IntakeFixes, context: SheetContext): Promise<IntakePreview> {
	const fields = grid.fields.map((field, column) => {
		const chosen = fixes.columns?.[String(column)];
		return chosen === undefined ? field : chosen;
	});
	const skipped = new Set(fixes.skip);
	const cells = new Map<number, Values>();
	for (const { row, field, value } of fixes.cells ?? []) cells.set(row, { ...cells.get(row), [field]: value });
	const chosen = new Map(fixes.places?.map(({ row, place }) => [row, place]));
	const persons = new Map<string, Earlier[]>();
	const rows = await gently(grid.rows, ({ row, cells: texts }): IntakeRow => {
		const values: Values = { ...valuesOf(texts, fields), ...cells.get(row) };
		const { persons: keys, ...read } = readRow(values, { ...context, file: grid.file, place: chosen.get(row) ?? null });
		const made: IntakeRow = { row, cells: [...texts], values, skipped: skipped.has(row), known: null, ...read };
		const known = keys.map((key) => context.known.get(key)).find((one) => one !== undefined);
		if (known !== undefined) {
			made.known = known.id;
			compareWithKnown(made, known);
		}
		if (!made.skipped) compareWithEarlier(made, keys, persons);
		return made;
	});
	const counted = rows.filter((row) => !row.skipped);
	const has = (row: IntakeRow, severity: 'error' | 'warning'): boolean => row.faults.some((fault) => fault.severity === severity);
	return {
		id,
		file: grid.file.slice(0, 500),
		sheet: grid.sheet,
		sheets: [...grid.sheets],
		encoding: grid.encoding,
		certainty: grid.certainty,
		headerRow: grid.headerRow,
		absent: neededFields.filter((field) => !fields.includes(field)),
		headers: grid.titles.map((title, column) => ({ title, field: fields[column] ?? null })),
		rows,
		faulty: counted.filter((row) => has(row, 'error')).length,
		doubtful: counted.filter((row) => !has(row, 'error') && has(row, 'warning')).length,
	};
}

/** Cells by field; several columns of one field are one text. */
function valuesOf(texts: readonly string[], fields: readonly (IntakeField | null)[]): Values {
	const values: Values = {};
	for (const [column, field] of fields.entries()) {
		const text = texts[column] ?? '';
		if (field === null || text === '') continue;
		values[field] = values[field] === undefined ? text : `${values[field]} ${text}`.slice(0, 500);
	}
	return values;
}

interface Earlier {
	readonly row: number;
	readonly settlement: string | null;
	readonly address: string;
	/** Need, days and place: the same of all of them is the same request. */
	readonly request: string;
}

function compareWithKnown(row: IntakeRow, known: KnownPatient): void {
	const { patient, request } = row;
	if (patient === null || request === null) return;
	const again = known.requests.find(
		({ need, from, until, place }) =>
			need === request.need &&
			from === request.from &&
			until === request.until &&
			JSON.stringify(place) === JSON.stringify(request.place),
	);
	if (again !== undefined)
		return refuse(row, { field: null, kind: 'duplicate-row', expected: `#${again.id}`, value: row.values.name ?? '' });
	if (patient.home.settlement === known.settlement) return;
	row.faults.push({
		field: 'address',
		kind: 'person-differs',
		value: patient.home.address,
		expected: known.address,
		severity: 'warning',
	});
}

function refuse(row: IntakeRow, fault: Omit<IntakeFault, 'severity'>): void {
	row.faults.push({ ...fault, severity: 'error' });
	row.patient = null;
	row.request = null;
}

/** The same person twice: a second request is welcome, the same one is not, and another home is a question. */
function compareWithEarlier(row: IntakeRow, keys: readonly string[], persons: Map<string, Earlier[]>): void {
	const { need = '', days = '', place = '', hours = '', address = '', name = '' } = row.values;
	const settlement = row.patient?.home.settlement ?? null;
	const mine: Earlier = { row: row.row, settlement, address, request: [need, days, place, hours].join('\n') };
	const earlier = [...new Set(keys.flatMap((key) => persons.get(key) ?? []))];
	for (const key of keys) persons.set(key, [...(persons.get(key) ?? []), mine]);
	const same = earlier.find(({ request }) => request === mine.request);
	if (same !== undefined) return refuse(row, { field: null, kind: 'duplicate-row', value: name, expected: String(same.row) });
	const other = earlier.find((one) => one.settlement !== null && settlement !== null && one.settlement !== settlement);
	if (other === undefined) return;
	refuse(row, {
		field: 'address',
		kind: 'person-differs',
		value: address,
		expected: `${other.row}: ${other.address}`.slice(0, 500),
	});
}
