/** Tables and the picture of a planner bench. */
import { BenchError } from './solomon.ts';
import type { OurRun, VroomRun } from './solvers.ts';

export interface Row {
	readonly name: string;
	readonly family: string;
	readonly customers: number;
	readonly best: number | undefined;
	readonly bestVehicles: number | undefined;
	readonly ours: OurRun;
	readonly vroom: VroomRun | undefined;
}

export interface Report {
	readonly machine: string;
	readonly date: string;
	readonly checkpoints: readonly number[];
	readonly threads: number;
	readonly seed: number;
	readonly rows: readonly Row[];
}

/** One report of several: all their rows and checkpoints; what a run has not measured stays null. */
export function joinReports(reports: readonly Report[]): Report {
	const [first] = reports;
	if (!first) throw new BenchError('no report to join');
	const other = reports.find(
		({ machine, threads, seed }) => `${machine} ${threads} ${seed}` !== `${first.machine} ${first.threads} ${first.seed}`,
	);
	if (other)
		throw new BenchError(
			`reports of different machines, threads or seeds (${first.machine}; ${other.machine}) tell nothing together`,
		);
	const checkpoints = [...new Set(reports.flatMap((report) => report.checkpoints))].toSorted((a, b) => a - b);
	const rows = reports.flatMap((report) =>
		report.rows.map((row) => ({
			...row,
			ours: {
				...row.ours,
				distances: checkpoints.map((seconds) => row.ours.distances[report.checkpoints.indexOf(seconds)] ?? null),
			},
		})),
	);
	return {
		...first,
		date: reports
			.map(({ date }) => date)
			.toSorted()
			.at(-1)!,
		checkpoints,
		rows,
	};
}

/** Percent above the best known distance; undefined when either is not known. */
export const gap = (distance: number | null | undefined, best: number | undefined): number | undefined =>
	distance === null || distance === undefined || best === undefined ? undefined : (100 * (distance - best)) / best;

const shown = (value: number | undefined, digits = 2): string => (value === undefined ? '–' : value.toFixed(digits));

/** Undefined when any value is: a mean of some would pass for one of all. */
function mean(values: readonly (number | undefined)[]): number | undefined {
	let sum = 0;
	for (const value of values) {
		if (value === undefined) return undefined;
		sum += value;
	}
	return values.length === 0 ? undefined : sum / values.length;
}

function largest(values: readonly (number | undefined)[]): number | undefined {
	const known = values.filter((value) => value !== undefined);
	return known.length === values.length && known.length > 0 ? Math.max(...known) : undefined;
}

const gapsAt = (rows: readonly Row[], at: number): (number | undefined)[] =>
	rows.map((row) => gap(row.ours.distances[at], row.best));
const vroomGaps = (rows: readonly Row[]): (number | undefined)[] => rows.map((row) => gap(row.vroom?.distance, row.best));

/** One line an instance. */
export function instanceHead({ checkpoints }: Pick<Report, 'checkpoints'>): string {
	const times = checkpoints.map((seconds) => `${seconds} s`.padStart(8)).join('');
	return `${'instance'.padEnd(12)}${'best known'.padStart(11)}${'ours'.padStart(10)}${'vehicles'.padStart(9)}${times}   vroom (gap, vehicles, wall)   gap in %`;
}

export function instanceLine(row: Row): string {
	const gaps = row.ours.distances.map((distance) => shown(gap(distance, row.best)).padStart(8)).join('');
	const { vroom } = row;
	const beside =
		vroom === undefined ? '–' : `${shown(gap(vroom.distance, row.best))}, ${vroom.vehicles}, ${vroom.seconds.toFixed(1)} s`;
	return (
		row.name.padEnd(12) +
		(row.best?.toFixed(1) ?? '–').padStart(11) +
		(row.ours.distances.at(-1)?.toFixed(1) ?? '–').padStart(10) +
		`${row.ours.vehicles}`.padStart(9) +
		`${gaps}   ${beside}`
	);
}

interface Group {
	readonly name: string;
	readonly rows: readonly Row[];
}

/** Families, then all of up to 200 customers and all larger ones. */
function groups({ rows }: Report): Group[] {
	const families = [...new Set(rows.map((row) => row.family))].map((name) => ({
		name,
		rows: rows.filter((row) => row.family === name),
	}));
	return [
		...families,
		{ name: 'all up to 200', rows: rows.filter((row) => row.customers <= 200) },
		{ name: 'all above 200', rows: rows.filter((row) => row.customers > 200) },
	].filter((group) => group.rows.length > 0);
}

/** A Markdown table of mean gaps by family, with the worst single gap at the end of the run. */
export function familyTable(report: Report): string {
	const { checkpoints } = report;
	const head = [
		'instances',
		'number',
		...checkpoints.map((s) => `${s} s`),
		'worst at the end',
		'vehicles',
		'VROOM',
		'its wall time',
	];
	const lines = groups(report).map(({ name, rows }) => [
		name,
		`${rows.length}`,
		...checkpoints.map((_, at) => shown(mean(gapsAt(rows, at)))),
		shown(
			largest(
				rows.map((row) =>
					gap(
						row.ours.distances.findLast((distance) => distance !== null),
						row.best,
					),
				),
			),
		),
		shown(mean(rows.map((row) => row.ours.vehicles)), 1),
		shown(mean(vroomGaps(rows))),
		shown(mean(rows.map((row) => row.vroom?.seconds)), 1),
	]);
	const rule = head.map((_, at) => (at === 0 ? '---' : '--:'));
	return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 60;
const BOTTOM = 50;
const COLOURS = ['#0b6e99', '#c2410c', '#15803d', '#7e22ce'];

/** Mean gap over time for each size of instance; VROOM as a point where it stopped. */
export function plot(report: Report): string {
	const { checkpoints, rows } = report;
	const sizes = [...new Set(rows.map((row) => row.customers))];
	const series = sizes.map((size) => {
		const of = rows.filter((row) => row.customers === size);
		return {
			size,
			points: checkpoints.map((seconds, at) => ({ seconds, gap: mean(gapsAt(of, at)) })),
			vroom: { seconds: mean(of.map((row) => row.vroom?.seconds)), gap: mean(vroomGaps(of)) },
		};
	});
	const all = series
		.flatMap(({ points, vroom }) => [...points, vroom])
		.filter((point) => point.gap !== undefined && point.seconds !== undefined);
	const least = Math.min(...all.map((point) => point.seconds!), checkpoints[0]!);
	const most = Math.max(...all.map((point) => point.seconds!), checkpoints.at(-1)!);
	const highest = Math.max(1, ...all.map((point) => point.gap!)) * 1.05;
	const span = Math.log(most / least) || 1;
	const x = (seconds: number): string => (LEFT + ((WIDTH - LEFT - 120) * Math.log(seconds / least)) / span).toFixed(1);
	const y = (percent: number): string => (HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - 20) * percent) / highest).toFixed(1);
	const parts: string[] = [];
	const text = (at: string, height: string, content: string, more = ''): void => {
		parts.push(`<text x="${at}" y="${height}" ${more}>${content}</text>`);
	};
	const step = highest > 4 ? Math.ceil(highest / 6) : highest > 2 ? 0.5 : 0.25;
	for (let percent = 0; percent <= highest; percent += step) {
		parts.push(`<line x1="${LEFT}" x2="${WIDTH - 120}" y1="${y(percent)}" y2="${y(percent)}" stroke="#ddd"/>`);
		text(`${LEFT - 8}`, y(percent), `${percent}`, 'text-anchor="end" dominant-baseline="middle"');
	}
	for (const seconds of checkpoints) text(x(seconds), `${HEIGHT - BOTTOM + 18}`, `${seconds} s`, 'text-anchor="middle"');
	text(`${LEFT}`, `${HEIGHT - 8}`, `wall time (logarithmic), ${report.threads} threads; mean gap to best known in %`);
	series.forEach(({ size, points, vroom }, at) => {
		const colour = COLOURS[at % COLOURS.length]!;
		const known = points.filter((point) => point.gap !== undefined);
		const line = known.map((point) => `${x(point.seconds)},${y(point.gap!)}`).join(' ');
		parts.push(`<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2"/>`);
		for (const point of known) parts.push(`<circle cx="${x(point.seconds)}" cy="${y(point.gap!)}" r="3.5" fill="${colour}"/>`);
		text(`${WIDTH - 112}`, `${30 + 20 * at}`, `${size} customers`, `fill="${colour}"`);
		if (vroom.gap === undefined || vroom.seconds === undefined) return;
		const [cx, cy] = [Number(x(vroom.seconds)), Number(y(vroom.gap))];
		parts.push(`<path d="M${cx - 5} ${cy - 5}l10 10m0 -10l-10 10" stroke="${colour}" stroke-width="2"/>`);
		text(`${cx + 8}`, `${cy}`, 'VROOM', `fill="${colour}" dominant-baseline="middle"`);
	});
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="Mean gap of the planner over time">\n<rect width="100%" height="100%" fill="#fff"/>\n${parts.join('\n')}\n</svg>\n`;
}
