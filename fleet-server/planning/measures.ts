/** Figures of a plan, whole and by day. Seconds, metres, yen. */
import type { CalendarDate, PlanMeasures, PlanRoute, PlanSolution, PlanStep } from '@junkai/contracts';
import { TOLERANCE } from '../dispatch/costs.ts';
import type { FrameVehicle } from '../dispatch/frame.ts';
import type { PlanningFrame, Promised } from './frame.ts';
import { lengthOf, within, type Span } from './spans.ts';

type Costs = PlanMeasures['costs'];
type Placed = Omit<Promised, 'date'> & { readonly date: string };

/** Where and when each visit is in a solution. */
export function placedVisits({ vehicles }: Pick<PlanningFrame, 'vehicles'>, solution: PlanSolution): Placed[] {
	const vans = new Map(vehicles.map((one) => [one.id, one]));
	return (solution.routes ?? []).flatMap(({ vehicle, steps }) => {
		const van = vans.get(vehicle)!;
		return steps.flatMap((step): Placed[] =>
			step.type === 'job'
				? [{ visit: step.id!, vehicle: van.vehicle, date: van.date, from: beginOf(step), doctor: step.consult?.doctor ?? null }]
				: [],
		);
	});
}

const beginOf = (step: PlanStep): number => step.arrival + step.waiting_time;

/** Whether a visit is no more where and when it was promised, to within the tolerance. */
export const isChanged = (before: Promised, after: Placed | undefined): boolean =>
	after === undefined ||
	after.vehicle !== before.vehicle ||
	after.date !== before.date ||
	after.doctor !== before.doctor ||
	Math.abs(after.from - before.from) > TOLERANCE;

/** @param date only that day; the whole plan when absent */
export function measuresOf(frame: PlanningFrame, solution: PlanSolution, date?: CalendarDate): PlanMeasures {
	const vans = frame.vehicles.filter((one) => date === undefined || one.date === date);
	const ids = new Map(vans.map((one) => [one.id, one]));
	const routes = (solution.routes ?? []).filter(({ vehicle }) => ids.has(vehicle));
	const placed = new Map(placedVisits(frame, { ...solution, routes }).map((one) => [one.visit, one]));
	const here = frame.visits.filter(({ id, dates }) => date === undefined || placed.has(id) || dates.includes(date));
	const everywhere = date === undefined ? placed : new Map(placedVisits(frame, solution).map((one) => [one.visit, one]));
	const left = here.filter(({ id, dates }) => !everywhere.has(id) && (date === undefined || dates.at(-1) === date));
	const days = frame.dates.flatMap((one, at) => (date === undefined || one === date ? [frame.days[at]!] : []));
	const doctors = doctorFigures(frame, routes, days);
	const vehicles = vehicleFigures(vans, routes);
	const costs = date === undefined ? (solution.summary?.costs ?? {}) : costsOf(frame, routes);
	const promised = frame.promised.filter((one) => date === undefined || one.date === date);
	const sum = (of: (one: (typeof vehicles)[number]) => number): number => vehicles.reduce((total, one) => total + of(one), 0);
	const all = (of: (one: (typeof doctors)[number]) => number): number => doctors.reduce((total, one) => total + of(one), 0);
	return {
		visits: placed.size,
		unassigned: left.length,
		distance: sum((one) => one.distance),
		travel: sum((one) => one.travel),
		waiting: sum((one) => one.waiting),
		service: sum((one) => one.service),
		doctorBusy: all((one) => one.busy),
		doctorHours: all((one) => one.offered),
		doctorGaps: all((one) => one.gaps),
		changed: promised.filter((one) => everywhere.has(one.visit) && isChanged(one, everywhere.get(one.visit))).length,
		cost: date === undefined ? (solution.summary?.cost ?? 0) : Object.values(costs).reduce((total, one) => total + one, 0),
		costs,
		vehicles,
		doctors,
		municipalities: Object.entries(frame.municipalities).flatMap(([id, name]) => {
			const own = here.filter(({ municipality }) => municipality === id);
			const planned = own.filter((visit) => placed.has(visit.id)).length;
			return own.length > 0 ? [{ id, name, need: own.length, planned }] : [];
		}),
	};
}

function vehicleFigures(vans: readonly FrameVehicle[], routes: readonly PlanRoute[]): PlanMeasures['vehicles'] {
	const byId = new Map(routes.map((route) => [route.vehicle, route]));
	const groups = Map.groupBy(vans, ({ vehicle }) => vehicle);
	return [...groups].map(([vehicle, shifts]) => {
		const own = shifts.flatMap(({ id }) => byId.get(id) ?? []);
		const sum = (of: (route: PlanRoute) => number): number => own.reduce((total, route) => total + of(route), 0);
		const jobs = (route: PlanRoute): PlanStep[] => route.steps.filter(({ type }) => type === 'job');
		const over = (steps: readonly PlanStep[], of: (step: PlanStep) => number): number =>
			steps.reduce((total, step) => total + of(step), 0);
		return {
			vehicle,
			visits: sum((route) => jobs(route).length),
			travel: sum((route) => route.duration),
			distance: sum((route) => route.distance ?? 0),
			waiting: sum((route) => over(jobs(route), (step) => step.waiting_time)),
			service: sum((route) => over(jobs(route), (step) => step.setup + step.service)),
			duration: sum(({ steps }) => (steps.at(-1)?.arrival ?? 0) - (steps[0]?.arrival ?? 0)),
		};
	});
}

function doctorFigures(frame: PlanningFrame, routes: readonly PlanRoute[], days: readonly Span[]): PlanMeasures['doctors'] {
	const consults = Map.groupBy(
		routes.flatMap(({ steps }) => steps.flatMap(({ consult }) => consult ?? [])),
		({ doctor }) => doctor,
	);
	return frame.doctors.flatMap(({ id, hours }) => {
		const offered = days.flatMap((day) => within(hours, day));
		const own = (consults.get(id) ?? []).toSorted((a, b) => a.start - b.start);
		if (offered.length === 0 && own.length === 0) return [];
		// A gap lies between two patients, within hours: neither lunch nor the night is one.
		const gaps = own.slice(1).map((next, at): Span => [own[at]!.end, next.start]);
		return [
			{
				doctor: id,
				consults: own.length,
				busy: own.reduce((total, { start, end }) => total + end - start, 0),
				offered: lengthOf(offered),
				gaps: sameDay(gaps, days).reduce((total, gap) => total + lengthOf(within(offered, gap)), 0),
			},
		];
	});
}

/** From the evening's last patient to the morning's first nobody waits. */
const sameDay = (gaps: readonly Span[], days: readonly Span[]): Span[] =>
	gaps.filter(([from, until]) => days.some(([begin, end]) => begin <= from && until <= end));

/** What the routes of a day cost; series and fairness are costs of the whole plan alone. */
function costsOf(frame: PlanningFrame, routes: readonly PlanRoute[]): Costs {
	const { problem } = frame;
	const jobs = new Map((problem.jobs ?? []).map((job) => [job.id, job]));
	const rates = new Map(problem.vehicles.map((one) => [one.id, one.costs ?? {}]));
	const costs = { travel: 0, distance: 0, meeting: 0, preferred: 0, appointment: 0 };
	for (const { vehicle, duration, distance = 0, steps } of routes) {
		const { per_hour: hour = 3600, per_km: km = 0 } = rates.get(vehicle)!;
		costs.travel += (duration / 3600) * hour;
		costs.distance += (distance / 1000) * km;
		for (const step of steps) {
			const job = step.type === 'job' ? jobs.get(step.id!) : undefined;
			if (!job) continue;
			if (step.meeting_point !== undefined) costs.meeting += job.meeting_points?.[step.meeting_point]?.cost ?? 0;
			if (job.preferred) {
				const { time_window: window, cost_per_hour: price } = job.preferred;
				const outside = Math.max(0, window[0] - beginOf(step), beginOf(step) - window[1]);
				costs.preferred += (outside / 3600) * price;
			}
			costs.appointment += brokenPromise(job.appointment, vehicle, step);
		}
	}
	const entries = Object.entries(costs).flatMap(([kind, cost]) => (cost > 0 ? [[kind, Math.round(cost)]] : []));
	return Object.fromEntries(entries) as Costs;
}

type Appointment = NonNullable<NonNullable<PlanningFrame['problem']['jobs']>[number]['appointment']>;

function brokenPromise(promise: Appointment | undefined, vehicle: number, step: PlanStep): number {
	if (!promise) return 0;
	const { start, tolerance = TOLERANCE, vehicle: van, doctor, change_cost: price } = promise;
	const other = (van !== undefined && van !== vehicle) || (doctor !== undefined && doctor !== step.consult?.doctor);
	return other || Math.abs(beginOf(step) - start) > tolerance ? price : 0;
}
