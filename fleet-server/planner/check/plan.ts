/** What no single route shows: each task once, doctors one patient at a time, series, fairness, totals. */
import { costKinds, type PlanSolution } from '@junkai/contracts';
import type { Facts } from './facts.ts';
import { fairnessCost } from './fairness.ts';
import type { Fault } from './fault.ts';
import type { Booking, CheckedRoute, CostKind } from './route.ts';
import { seriesOf } from './series.ts';

export function checkWhole(
	facts: Facts,
	solution: PlanSolution,
	routes: readonly CheckedRoute[],
	fail: (fault: Fault) => void,
): void {
	const vehicles = (solution.routes ?? []).map((route) => route.vehicle);
	for (const vehicle of new Set(vehicles)) {
		if (vehicles.filter((other) => other === vehicle).length > 1) {
			fail({ rule: 'vehicle', vehicle, message: 'a vehicle has more than one route' });
		}
	}
	for (const { vehicle } of facts.vans.values()) {
		const pinned = vehicle.steps?.some((step) => step.pinned && step.type !== 'start' && step.type !== 'end');
		if (pinned && !vehicles.includes(vehicle.id)) {
			fail({ rule: 'pinned', vehicle: vehicle.id, message: 'the vehicle has pinned steps but no route' });
		}
	}
	checkOnce(facts, solution, routes, fail);
	checkDoctors(
		facts,
		solution,
		routes.flatMap((route) => route.bookings),
		fail,
	);
	const series = seriesOf(facts, routes);
	for (const message of series.faults) fail({ rule: 'series', message });
	checkSummary(facts, solution, routes, series.cost, fail);
}

function checkOnce(facts: Facts, solution: PlanSolution, routes: readonly CheckedRoute[], fail: (fault: Fault) => void): void {
	const counts = new Map<string, number>();
	const count = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
	for (const { stops } of routes) for (const stop of stops) if (stop.kind === 'task') count(stop.task.key);
	const left = new Set<string>();
	for (const { type, id } of solution.unassigned ?? []) {
		count(`${type} ${id}`);
		left.add(`${type} ${id}`);
	}
	for (const key of new Set([...facts.tasks.keys(), ...counts.keys()])) {
		const times = counts.get(key) ?? 0;
		if (!facts.tasks.has(key)) fail({ rule: 'unassigned', message: `there is no ${key}` });
		else if (times !== 1) fail({ rule: 'once', message: `${key} is there ${times} times, assigned and unassigned together` });
	}
	for (const task of facts.tasks.values()) {
		if (task.kind === 'pickup' && left.has(task.key) !== left.has(task.partner ?? '')) {
			fail({ rule: 'once', message: `of the shipment with ${task.key} only one end is done` });
		}
	}
}

function checkDoctors(facts: Facts, solution: PlanSolution, bookings: readonly Booking[], fail: (fault: Fault) => void): void {
	const listed = new Map((solution.doctors ?? []).map(({ doctor, consults }) => [doctor, consults]));
	for (const doctor of listed.keys())
		if (!facts.doctors.has(doctor)) fail({ rule: 'doctors', message: `there is no doctor ${doctor}` });
	for (const id of new Set([...listed.keys(), ...bookings.map((booking) => booking.doctor)])) {
		const own = bookings.filter((booking) => booking.doctor === id).toSorted((a, b) => a.start - b.start || a.end - b.end);
		for (const [at, { start, job, vehicle }] of own.entries()) {
			const before = own[at - 1];
			if (!before || before.end <= start) continue;
			const message = `doctor ${id} is with job ${before.job} until ${before.end} and with job ${job} from ${start}`;
			fail({ rule: 'doctor_busy', vehicle, message });
		}
		const expected = own.map(({ job, vehicle, start, end }) => ({ job, vehicle, start, end }));
		const found = (listed.get(id) ?? []).map(({ job, vehicle, start, end }) => ({ job, vehicle, start, end }));
		if (JSON.stringify(found) !== JSON.stringify(expected)) {
			const message = `the list of doctor ${id} is ${JSON.stringify(found)}, the steps say ${JSON.stringify(expected)}`;
			fail({ rule: 'doctors', message });
		}
	}
}

function checkSummary(
	facts: Facts,
	solution: PlanSolution,
	checked: readonly CheckedRoute[],
	series: number,
	fail: (fault: Fault) => void,
): void {
	const { summary, routes = [], unassigned = [] } = solution;
	if (!summary) return fail({ rule: 'summary', message: 'there is no summary' });
	const expect = (rule: string, found: unknown, expected: unknown): void => {
		if (JSON.stringify(found) !== JSON.stringify(expected)) {
			fail({ rule: 'summary', message: `${rule} is ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}` });
		}
	};
	expect('routes', summary.routes, routes.length);
	expect('unassigned', summary.unassigned, unassigned.length);
	for (const name of ['setup', 'service', 'duration', 'waiting_time', 'priority'] as const) {
		expect(
			name,
			summary[name],
			routes.reduce((total, route) => total + route[name], 0),
		);
	}
	if (routes.some((route) => route.distance !== undefined)) {
		expect(
			'distance',
			summary.distance,
			routes.reduce((total, route) => total + (route.distance ?? 0), 0),
		);
	}
	for (const name of ['delivery', 'pickup'] as const) {
		if (facts.dimensions === 0) continue;
		const total = Array.from({ length: facts.dimensions }, (_, d) =>
			routes.reduce((sum, route) => sum + (route[name]?.[d] ?? 0), 0),
		);
		expect(name, summary[name], total);
	}
	if (summary.violations.length > 0) expect('violations', summary.violations, []);
	const left = new Set(unassigned.filter(({ type }) => type === 'job').map(({ id }) => id));
	const fairness = fairnessCost(facts.problem, left);
	expect('cost', summary.cost, routes.reduce((total, route) => total + route.cost, 0) + series + fairness);
	if (summary.costs && checked.length === routes.length) checkKinds(summary.costs, summary.cost, checked, series, fairness, fail);
}

function checkKinds(
	shown: Partial<Record<CostKind, number>>,
	cost: number,
	checked: readonly CheckedRoute[],
	series: number,
	fairness: number,
	fail: (fault: Fault) => void,
): void {
	let sum = 0;
	for (const kind of costKinds) {
		const whole = kind === 'series' ? series : kind === 'fairness' ? fairness : 0;
		let [least, most] = [whole, whole];
		for (const { costs } of checked) {
			least += costs.get(kind)?.[0] ?? 0;
			most += costs.get(kind)?.[1] ?? 0;
		}
		const found = shown[kind] ?? 0;
		sum += found;
		if (found >= least - checked.length && found <= most + checked.length) continue;
		fail({ rule: 'costs', message: `cost of kind ${kind} is ${found}, expected about ${Math.round(least)}` });
	}
	if (Math.abs(sum - cost) > checked.length) fail({ rule: 'costs', message: `the kinds of cost add up to ${sum}, not to ${cost}` });
}
