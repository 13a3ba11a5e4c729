/** Rows of a CSV file, whichever sign parts its cells. */
import { CsvError, parse } from 'csv-parse/sync';
import { IntakeError } from '../intake-error.ts';

const DELIMITERS = [',', '\t', ';'] as const;

/** The sign that parts most rows into the same number of cells, quotes left out. */
function delimiterOf(text: string): string {
	const lines = text
		.slice(0, 20_000)
		.replaceAll(/"[^"]*"/g, '')
		.split(/\r\n|\n|\r/)
		.slice(0, 30);
	const score = (delimiter: string): number => {
		const counts = lines.map((line) => line.split(delimiter).length - 1).filter((count) => count > 0);
		return (
			counts.length * (counts.length === 0 ? 0 : Math.min(...counts.toSorted((a, b) => a - b).slice(-Math.ceil(counts.length / 2))))
		);
	};
	return DELIMITERS.toSorted((a, b) => score(b) - score(a))[0]!;
}

/**
 * @param most rows at the most; one more than that is read, so that a caller sees that there are more
 * @throws {IntakeError} `damaged` when a quote is not closed, with its line
 */
export function parseCsv(text: string, most: number): string[][] {
	try {
		return parse(text, {
			bom: true,
			delimiter: delimiterOf(text),
			relax_column_count: true,
			relax_quotes: true,
			skip_empty_lines: false,
			record_delimiter: ['\r\n', '\n', '\r'],
			max_record_size: 200_000,
			to: most + 1,
		});
	} catch (error) {
		if (!(error instanceof CsvError)) throw error;
		const line = typeof error['lines'] === 'number' ? ` at line ${error['lines']}` : '';
		throw new IntakeError('damaged', `The CSV cannot be read${line}: a quotation mark is not closed, or a row is too long.`, {
			cause: error,
		});
	}
}
