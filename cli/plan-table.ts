/** A plan for reading on a terminal. */
import type { PlanRoute, PlanSolution, UnassignedTask } from '@junkai/contracts';

const DAY = 86_400;
/** From here on a time is taken for a Unix time: nobody counts years in seconds otherwise. */
const UNIX = 100_000_000;

const two = (value: number): string => String(value).padStart(2, '0');

/** A time as the clock shows it; of a Unix time in UTC. */
export function clock(seconds: number): string {
	if (seconds >= UNIX) return new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
	const days = Math.floor(seconds / DAY);
	const minutes = Math.floor((seconds % DAY) / 60);
	return `${days > 0 ? `${days}d ` : ''}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A duration: 45 s, 12 min, 3 h 05 min. */
export function span(seconds: number): string {
	if (seconds < 60) return `${Math.round(seconds)} s`;
	const minutes = Math.round(seconds / 60);
	return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

const kilometres = (metres: number | undefined): string[] => (metres === undefined ? [] : [`${(metres / 1000).toFixed(1)} km`]);
const named = (description: string | undefined): string =>
	description === undefined ? '' : ` ${printable(description).slice(0, 60)}`;
/** Text from outside must not steer the terminal. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ');

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Columns that a text takes on a terminal: Chinese characters and kana take two. */
const width = (text: string): number =>
	text.length + (text.match(/[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]/g)?.length ?? 0);

export function planTable({ summary, routes = [], unassigned = [] }: PlanSolution): string {
	const lines: string[] = [];
	if (summary) {
		const facts = [
			`cost ${summary.cost}`,
			many(summary.routes, 'route'),
			`${summary.unassigned} unassigned`,
			`driving ${span(summary.duration)}`,
			`at stops ${span(summary.setup + summary.service)}`,
			`waiting ${span(summary.waiting_time)}`,
			...kilometres(summary.distance),
		];
		lines.push(facts.join(', '));
		const costs = Object.entries(summary.costs ?? {}).filter(([, cost]) => cost !== 0);
		if (costs.length > 1) lines.push(`cost by kind: ${costs.map(([kind, cost]) => `${kind} ${cost}`).join(', ')}`);
	}
	for (const route of routes) lines.push('', ...routeLines(route));
	if (unassigned.length > 0) lines.push('', 'unassigned', ...unassigned.flatMap(unassignedLines));
	return `${lines.join('\n')}\n`;
}

function routeLines({ vehicle, description, steps, cost, duration, distance, violations }: PlanRoute): string[] {
	const tasks = steps.filter(({ type }) => ['job', 'pickup', 'delivery'].includes(type)).length;
	const facts = [many(tasks, 'task'), `driving ${span(duration)}`, ...kilometres(distance), `cost ${cost}`];
	const causes = [...new Set(violations.map(({ cause }) => cause))];
	if (causes.length > 0) facts.push(`violations: ${causes.join(', ')}`);
	const rows = steps.map((step) => {
		const minutes = step.setup + step.service;
		return [
			clock(step.arrival + step.waiting_time),
			`${step.type}${step.id === undefined ? '' : ` ${step.id}`}${named(step.description)}`,
			minutes > 0 ? span(minutes) : '',
			[
				step.waiting_time > 0 ? `after waiting ${span(step.waiting_time)}` : '',
				step.consult ? `doctor ${step.consult.doctor} ${clock(step.consult.start)} to ${clock(step.consult.end)}` : '',
				step.meeting_point === undefined ? '' : `at meeting point ${step.meeting_point}`,
				...step.violations.map(({ cause, duration: by }) => `${cause}${by === undefined ? '' : ` by ${span(by)}`}`),
			]
				.filter(Boolean)
				.join(', '),
		];
	});
	return [`vehicle ${vehicle}${named(description)}: ${facts.join(', ')}`, ...columns(rows)];
}

function columns(rows: readonly string[][]): string[] {
	const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => width(row[column] ?? ''))));
	return rows.map((row) =>
		`  ${row.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell)))).join('  ')}`.trimEnd(),
	);
}

function unassignedLines({ type, id, description, reasons = [], nearest }: UnassignedTask): string[] {
	const words = nearest ? [nearest.message] : reasons.slice(0, 3).map(({ message }) => message);
	return [`  ${type} ${id}${named(description)}`, ...words.map((line) => `    ${printable(line)}`)];
}
