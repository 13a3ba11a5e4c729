/** What the tests of planning share: roads on the region's map, one planning thread, and checks that hold for every plan. */
import type { DraftDay, PlannedRoute, PlanSolution } from '@junkai/contracts';
import { planBoard } from '@junkai/contracts';
import { loadRegion } from '@junkai/regions';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect } from 'vitest';
import { leak, probesOf } from '../roads/leak.ts';
import { closedParts } from '../roads/closures.ts';
import { ensureMap } from '../roads/map.ts';
import { openRoads } from '../roads/open.ts';
import type { Closure, Roads } from '../roads/port.ts';
import { calendarOf } from '../registry/calendar.ts';
import { quiet, temporaryFolder } from '../test-support.ts';
import type { PlanningFrame } from './frame.ts';
import type { ProblemOptions } from './problem.ts';
import type { Planned, PlanningJob, SearchOptions } from './protocol.ts';
import type { PlanningRecords } from './records.ts';
import { PlanningThread, type ThreadListener } from './thread.ts';

export const region = loadRegion();
export const calendar = calendarOf(region.timeZone);
/** A Tuesday, and the evening before. */
export const DATE = '2026-11-24';
export const EVE = calendar.at('2026-11-23', '18:00');

export const dayOptions: ProblemOptions = {
	from: DATE,
	days: 1,
	vehicles: undefined,
	surge: false,
	fairness: 1,
	keep: 'published',
	now: EVE,
};

export interface Made {
	readonly frame: PlanningFrame;
	readonly solution: PlanSolution;
	readonly days: DraftDay[];
	readonly measures: Planned['measures'];
}

const text = (bytes: Uint8Array): string => inflateRawSync(bytes).toString();
export function unpacked(planned: Planned): Made {
	const days = JSON.parse(text(planned.days)) as unknown;
	return {
		frame: JSON.parse(text(planned.frame!)) as PlanningFrame,
		solution: JSON.parse(text(planned.solution)) as PlanSolution,
		days: planBoard.shape.days.parse(days),
		measures: planned.measures,
	};
}

export const nobody: ThreadListener = { state: () => {}, progress: () => {} };

/** To be called in a `describe`. */
export function usePlanning() {
	const folder = temporaryFolder();
	let roads: Roads;
	let thread: PlanningThread;
	beforeAll(async () => {
		await ensureMap('wakayama', folder.path, () => {});
		roads = await openRoads({ dataDir: folder.path, log: quiet });
		thread = new PlanningThread(roads, { nice: false });
	});
	afterAll(async () => {
		await thread?.stop();
		await roads?.close();
		folder.remove();
	});
	const run = async (job: PlanningJob, listener = nobody): Promise<Made> => unpacked((await thread.run(job, listener))!);
	return {
		run,
		/** As many steps as that, whatever the machine is at. */
		plan: (records: PlanningRecords, options: Partial<ProblemOptions> = {}, search: Partial<SearchOptions> = {}) =>
			run({
				kind: 'plan',
				region: 'wakayama',
				records,
				options: { ...dayOptions, ...options },
				search: { seconds: 60, threads: 1, maxSteps: 3000, ...search },
			}),
		get thread() {
			return thread;
		},
		get roads() {
			return roads;
		},
	};
}

/** Rules that every plan keeps, looked up in what is drawn. */
export function expectSound({ days, frame }: Pick<Made, 'days' | 'frame'>, records: PlanningRecords): void {
	const seen: number[] = [];
	const consults = new Map<number, [number, number][]>();
	for (const { date, draft, reasons } of days) {
		expect(reasons.map(({ visit }) => visit)).toEqual(draft.unassigned.map(({ visit }) => visit));
		seen.push(...draft.unassigned.map(({ visit }) => visit));
		for (const route of draft.routes) {
			expectInOrder(route);
			const van = records.fleet.find(({ vehicle }) => vehicle === route.vehicle)!;
			for (const { visit, from, consult } of route.stops.flatMap(({ visits }) => visits)) {
				seen.push(visit);
				const wanted = frame.visits.find(({ id }) => id === visit);
				if (!wanted) continue;
				expect(wanted.dates).toContain(date);
				expect(van.equipment).toEqual(expect.arrayContaining([...wanted.equipment]));
				expect(calendar.dateOf(from)).toBe(date);
				expect(consult === null).toBe(wanted.specialty === null);
				if (consult) consults.set(consult.doctor, [...(consults.get(consult.doctor) ?? []), [consult.from, consult.to]]);
			}
		}
	}
	expect(new Set(seen).size).toBe(seen.length);
	for (const { id } of frame.visits) expect(seen).toContain(id);
	for (const spans of consults.values()) {
		const sorted = spans.toSorted((a, b) => a[0] - b[0]);
		for (const [at, [from]] of sorted.entries()) if (at > 0) expect(from).toBeGreaterThanOrEqual(sorted[at - 1]![1]);
	}
}

function expectInOrder({ stops }: PlannedRoute): void {
	for (const [at, stop] of stops.entries()) {
		expect(stop.departure).toBeGreaterThanOrEqual(stop.arrival);
		if (at > 0) expect(stop.arrival).toBeGreaterThanOrEqual(stops[at - 1]!.departure);
		for (const { from, to } of stop.visits) expect([from >= stop.arrival, to <= stop.departure]).toEqual([true, true]);
	}
}

/** Ways of a plan that go over a road which is closed, by van. */
export function leaksOf(routes: readonly PlannedRoute[], closures: readonly Closure[]): string[] {
	const probes = probesOf(region, closedParts(region, closures));
	return routes.flatMap(({ vehicle, stops }) =>
		stops.flatMap(({ way }) => {
			const through = way ? leak(way.geometry.coordinates, probes, []) : null;
			return through === null ? [] : [`${vehicle} over ${through}`];
		}),
	);
}
