/** Reads vehicle routing instances in Solomon's text format (also Gehring and Homberger's), strictly. */
import { readFileSync } from 'node:fs';

export interface Instance {
	readonly name: string;
	readonly vehicles: number;
	readonly capacity: number;
	/** Depot first. Distances, times and loads as in the file. */
	readonly nodes: readonly {
		readonly x: number;
		readonly y: number;
		readonly demand: number;
		readonly ready: number;
		readonly due: number;
		readonly service: number;
	}[];
}

/** A file that is not an instance, or a bench that cannot go on. */
export class BenchError extends Error {
	override readonly name = 'BenchError';
}

interface Line {
	readonly text: string;
	readonly number: number;
}

export function readInstance(file: string): Instance {
	return parseInstance(readFileSync(file, 'utf8'), file);
}

/** Throws a BenchError that names file and line. */
export function parseInstance(text: string, file: string): Instance {
	const lines: Line[] = text
		.split(/\r\n|\r|\n/)
		.map((line, at) => ({ text: line.trim(), number: at + 1 }))
		.filter((line) => line.text !== '');
	let at = 0;
	const fail = (line: number, what: string): never => {
		throw new BenchError(`${file}:${line}: ${what}`);
	};
	const next = (expected: string): Line => lines[at++] ?? fail(lines.at(-1)?.number ?? 1, `the file ends; expected ${expected}`);
	const heading = (pattern: RegExp, expected: string): void => {
		const line = next(expected);
		if (!pattern.test(line.text)) fail(line.number, `"${line.text}" where ${expected} was expected`);
	};
	const numbers = (line: Line, count: number, what: string): number[] => {
		const fields = line.text.split(/\s+/);
		if (fields.length !== count) fail(line.number, `${fields.length} fields instead of ${count} for ${what}`);
		return fields.map((field) => {
			const value = Number(field);
			return Number.isFinite(value) && /^-?\d/.test(field) ? value : fail(line.number, `"${field}" is no number`);
		});
	};

	const name = next('the name').text;
	heading(/^VEHICLE$/i, 'VEHICLE');
	heading(/^NUMBER\s+CAPACITY$/i, 'NUMBER CAPACITY');
	const fleet = next('number and capacity of the vehicles');
	const [vehicles = 0, capacity = 0] = numbers(fleet, 2, 'number and capacity');
	if (!(Number.isInteger(vehicles) && vehicles > 0)) fail(fleet.number, `${vehicles} vehicles`);
	if (!(Number.isInteger(capacity) && capacity >= 0)) fail(fleet.number, `capacity ${capacity}`);
	heading(/^CUSTOMER$/i, 'CUSTOMER');
	heading(
		/^CUST\s+NO\.?\s+XCOORD\.?\s+YCOORD\.?\s+DEMAND\s+READY\s+TIME\s+DUE\s+DATE\s+SERVICE\s+TIME$/i,
		'the customers’ heading',
	);
	const nodes: Instance['nodes'][number][] = [];
	while (at < lines.length) {
		const line = lines[at++]!;
		const [number, x = 0, y = 0, demand = 0, ready = 0, due = 0, service = 0] = numbers(line, 7, 'a customer');
		if (number !== nodes.length) fail(line.number, `customer ${number} where ${nodes.length} was expected`);
		if (demand < 0 || service < 0 || !Number.isInteger(demand)) fail(line.number, 'demand and service must not be negative');
		if (ready > due) fail(line.number, `the window ends (${due}) before it begins (${ready})`);
		nodes.push({ x, y, demand, ready, due, service });
	}
	if (nodes.length < 2) fail(lines.at(-1)?.number ?? 1, 'no customers');
	return { name, vehicles, capacity, nodes };
}
