/** The planner's answer as a plan that can be published: stops in words, times of the clock, and the way on the road. */
import type {
	BlockingRule,
	PlanDraft,
	PlannedRoute,
	PlannedStop,
	PlannedVisit,
	PlanRoute,
	PlanSolution,
	PlanStep,
} from '@junkai/contracts';
import { partOfLine, type LonLat } from '@junkai/regions';
import { RoadsError } from '../roads/roads-error.ts';
import type { Frame, FrameVehicle, Spot } from './frame.ts';
import type { FindLegs, Leg } from './matrices.ts';

export interface DraftOptions {
	readonly legs: FindLegs;
	/** Of the time of the plan, seconds, the time of the clock, ms since 1970. */
	readonly clock: (seconds: number) => number;
	/** Only this day of the plan; all of it when absent. */
	readonly date?: string;
	/** Visits without a place in this draft, and the rule that keeps each out; those of the solution when absent. */
	readonly unassigned?: readonly { readonly visit: number; readonly rule: BlockingRule | null }[];
}

/** A stop, and what it takes to find the way to it. */
interface Halt {
	readonly stop: PlannedStop;
	/** Place in the problem; null for a rest somewhere on the way. */
	readonly index: number | null;
	/** Seconds of travel since the start of the route, from the plan. */
	readonly travelled: number;
}

/** A draft with what was driven already (`begun` of its vehicles) before what is planned. Rejects with a RoadsError when there is no way. */
export async function drawDraft(frame: Frame, solution: PlanSolution, options: DraftOptions): Promise<PlanDraft> {
	const vehicles = frame.vehicles.filter(({ date }) => options.date === undefined || date === options.date);
	const parts = await Promise.all(vehicles.map((vehicle) => routeOf(vehicle, frame, solution, options)));
	// A van with two shifts has two routes in the problem and one in the plan.
	const routes = [...Map.groupBy(parts, ({ vehicle }) => vehicle).values()].map(joined);
	const visits = new Map(frame.visits.map((visit) => [visit.id, visit]));
	const left = options.unassigned ?? (solution.unassigned ?? []).map((task) => ({ visit: task.id, rule: ruleOf(task) }));
	const doctors = doctorsOf(frame, routes, options);
	return {
		from: Math.min(...routes.map(({ stops }) => stops[0]!.arrival)),
		to: Math.max(...routes.map(({ stops }) => stops.at(-1)!.departure)),
		doctors,
		routes,
		unassigned: left.map(({ visit: id, rule }) => {
			const { need, spot } = visits.get(id)!;
			return { visit: id, need, ...inWords(frame.spots[spot]!), rule };
		}),
	};
}

type Unassigned = NonNullable<PlanSolution['unassigned']>[number];
export const ruleOf = ({ nearest, reasons }: Unassigned): BlockingRule | null => nearest?.rule ?? reasons?.[0]?.rule ?? null;

/** Doctors who are there on this day, and those whom its consults name. */
function doctorsOf({ doctors }: Frame, routes: readonly PlannedRoute[], { date, clock }: DraftOptions): PlanDraft['doctors'] {
	const named = new Set(routes.flatMap(({ stops }) => stops.flatMap(({ visits }) => visits.map(({ consult }) => consult?.doctor))));
	const from = Math.min(...routes.map(({ stops }) => stops[0]!.arrival));
	const to = Math.max(...routes.map(({ stops }) => stops.at(-1)!.departure));
	const there = doctors.filter(
		({ id, hours }) => date === undefined || named.has(id) || hours.some(([begin, end]) => clock(begin) < to && clock(end) > from),
	);
	return there.map(({ id, name, specialties }) => ({ id, name: { ...name }, specialties: [...specialties] }));
}

function joined(parts: readonly PlannedRoute[]): PlannedRoute {
	const [first, ...others] = parts.toSorted((a, b) => a.stops[0]!.arrival - b.stops[0]!.arrival);
	return others.reduce((whole, part) => {
		// What was begun is in the first part, unless the van is in its second shift by now.
		const later = part.next > 0 || (part.reached && part.stops[0]!.kind !== 'start');
		return {
			...whole,
			distance: whole.distance + part.distance,
			next: later ? whole.stops.length + part.next : whole.next,
			reached: later ? part.reached : whole.reached,
			stops: [...whole.stops, ...part.stops],
		};
	}, first!);
}

async function routeOf(vehicle: FrameVehicle, frame: Frame, solution: PlanSolution, options: DraftOptions): Promise<PlannedRoute> {
	const { begun } = vehicle;
	const route = solution.routes?.find((one) => one.vehicle === vehicle.id);
	const name = vehicle.vehicle;
	if (!begun) {
		const halts = route ? haltsOf(route, frame, options.clock) : [waiting(vehicle, frame, options.clock)];
		const stops = await withWays(halts, vehicle, frame, options);
		return { vehicle: name, distance: metres(stops), stops, next: 0, reached: true };
	}
	const onward = !begun.goesOn ? { halts: [], stops: [] } : await onwardOf(vehicle, route, frame, options);
	const planned = onward.stops.slice(1);
	const stops = [...leaving(begun.stops, begun.reached, onward.halts, begun.next), ...planned];
	const next = Math.min(begun.next, stops.length - 1);
	return { vehicle: name, distance: metres(stops) + begun.driven, stops, next, reached: begun.reached || next < begun.next };
}

/** What a van that is out does next: its new route; nothing to do means home, and no way home means that it stays where it is. */
async function onwardOf(
	vehicle: FrameVehicle,
	route: PlanRoute | undefined,
	frame: Frame,
	options: DraftOptions,
): Promise<{ halts: readonly Halt[]; stops: PlannedStop[] }> {
	const halts = route ? haltsOf(route, frame, options.clock) : homeward(vehicle, frame, options.clock);
	try {
		return { halts, stops: await withWays(halts, vehicle, frame, options) };
	} catch (error) {
		if (route || !(error instanceof RoadsError) || error.fault !== 'no-route') throw error;
		const [here] = halts;
		return { halts: [], stops: vehicle.begun?.reached ? [] : [here!.stop, { ...here!.stop, kind: 'end' }] };
	}
}

/** The van leaves where it is when the new plan says so. */
function leaving(stops: readonly PlannedStop[], reached: boolean, halts: readonly Halt[], next: number): PlannedStop[] {
	const departure = halts[0]?.stop.departure;
	return stops.map((stop, at) =>
		reached && at === next && departure !== undefined ? { ...stop, departure: Math.max(stop.arrival, departure) } : stop,
	);
}

const metres = (stops: readonly PlannedStop[]): number => stops.reduce((sum, { way }) => sum + (way?.distance ?? 0), 0);

/** Where a place is, in words. */
const inWords = ({ location, name, municipality }: Spot): Pick<PlannedStop, 'location' | 'name' | 'municipality'> => ({
	location: [location[0], location[1]],
	name: { ...name },
	municipality: municipality && { ...municipality },
});

const atHome = { visits: [], meetingPoint: false, way: null };

/** A van that the plan leaves at its base. */
function waiting({ base, hours }: FrameVehicle, { spots }: Frame, clock: DraftOptions['clock']): Halt {
	const times = { arrival: clock(hours[0]), departure: clock(hours[1]) };
	return { index: base, travelled: 0, stop: { kind: 'start', ...inWords(spots[base]!), ...times, ...atHome } };
}

/** A van that is out and has nothing more to do: the planner says nothing of it, it goes home. */
function homeward(vehicle: FrameVehicle, { problem, spots }: Frame, clock: DraftOptions['clock']): Halt[] {
	const { start_index: from, time_window: hours } = problem.vehicles.find(({ id }) => id === vehicle.id) ?? {};
	if (from === undefined || hours === undefined || from === vehicle.base) return [];
	const now = clock(hours[0]);
	const start: Halt = {
		index: from,
		travelled: 0,
		stop: { kind: 'start', ...inWords(spots[from]!), arrival: now, departure: now, ...atHome },
	};
	const end = { kind: 'end' as const, ...inWords(spots[vehicle.base]!), arrival: now, departure: now, ...atHome };
	return [start, { index: vehicle.base, travelled: NaN, stop: end }];
}

/** Steps as stops: what follows one another at one place is one stop. */
function haltsOf(route: PlanRoute, frame: Frame, clock: DraftOptions['clock']): Halt[] {
	const halts: Halt[] = [];
	const needs = new Map(frame.visits.map(({ id, need }) => [id, need]));
	const visitOf = (step: PlanStep): PlannedVisit => ({
		visit: step.id!,
		need: needs.get(step.id!)!,
		from: clock(step.arrival + step.waiting_time),
		to: clock(endOf(step)),
		consult: step.consult ? { doctor: step.consult.doctor, from: clock(step.consult.start), to: clock(step.consult.end) } : null,
	});
	for (const step of route.steps) {
		const { index, meetingPoint } = placeOfStep(step, frame);
		const last = halts.at(-1);
		// A rest where the van is already begins when it begins; elsewhere the van arrives first.
		const there = step.type === 'break' && step.duration === last?.travelled;
		const arrival = clock(step.arrival + (there ? step.waiting_time : 0));
		const departure = clock(endOf(step));
		if (step.type === 'job' && last?.stop.kind === 'visits' && last.index === index) {
			last.stop.visits.push(visitOf(step));
			last.stop.departure = departure;
			continue;
		}
		const kind = step.type === 'job' ? 'visits' : step.type === 'start' || step.type === 'end' ? step.type : 'break';
		// Where on the way a rest is taken becomes known with the way; until then it is where the van was last.
		const place = index === null ? pickPlace(last!.stop) : inWords(frame.spots[index]!);
		const visits = step.type === 'job' ? [visitOf(step)] : [];
		halts.push({
			index,
			travelled: step.duration,
			stop: { kind, ...place, arrival, departure, visits, meetingPoint, way: null },
		});
	}
	return halts;
}

const endOf = (step: PlanStep): number => step.arrival + step.waiting_time + step.setup + step.service;
const pickPlace = ({ location, name, municipality }: PlannedStop) => ({ location, name, municipality });

function placeOfStep(step: PlanStep, { problem }: Frame): { index: number | null; meetingPoint: boolean } {
	const job = step.type === 'job' ? problem.jobs?.find((one) => one.id === step.id) : undefined;
	const point = step.meeting_point === undefined ? undefined : job?.meeting_points?.[step.meeting_point];
	return { index: point?.location_index ?? step.location_index ?? null, meetingPoint: point !== undefined };
}

/** Adds the way to each stop. A rest between two places cuts the way between them where the plan has driven as far. */
async function withWays(
	halts: readonly Halt[],
	vehicle: FrameVehicle,
	{ spots, problem, profiles }: Frame,
	options: DraftOptions,
): Promise<PlannedStop[]> {
	const fixed = halts.filter(({ index }) => index !== null);
	const moves = fixed.slice(1).flatMap((halt, at) => (halt.index === fixed[at]!.index ? [] : [{ from: fixed[at]!, to: halt }]));
	if (moves.length === 0) return halts.map(({ stop }) => stop);
	const places = [moves[0]!.from, ...moves.map(({ to }) => to)].map(({ index }) => spots[index!]!.location);
	const profile = problem.vehicles.find(({ id }) => id === vehicle.id)!.profile!;
	const legs = await options.legs(profiles[profile]!, places);
	const stops = halts.map(({ stop }) => ({ ...stop }));
	for (const [number, { from, to }] of moves.entries()) {
		const leg = number === 0 ? afterExit(legs[number]!, vehicle) : legs[number]!;
		if (Number.isNaN(to.travelled)) {
			const stop = stops[halts.indexOf(to)]!;
			const arrival = from.stop.departure + Math.round(leg.duration) * 1000;
			Object.assign(stop, { arrival, departure: arrival, way: wayOf(leg, leg.distance, leg.duration) });
			continue;
		}
		cutAtRests(halts, stops, leg, from, to);
	}
	return stops;
}

/** From a closed road it first drives out. */
function afterExit(leg: Leg, { begun }: FrameVehicle): Leg {
	const exit = begun?.exit;
	if (!exit) return leg;
	return { distance: exit.distance + leg.distance, duration: leg.duration, coordinates: [...exit.coordinates, ...leg.coordinates] };
}

function wayOf({ coordinates }: Pick<Leg, 'coordinates'>, distance: number, duration: number): NonNullable<PlannedStop['way']> {
	// A drive within one place may have a single point; a line has two.
	const line = coordinates.length > 1 ? coordinates : [coordinates[0]!, coordinates[0]!];
	return { distance, duration, geometry: { type: 'LineString', coordinates: line.map(rounded) } };
}

function cutAtRests(halts: readonly Halt[], stops: PlannedStop[], leg: Leg, from: Halt, to: Halt): void {
	const total = to.travelled - from.travelled;
	let [done, before] = [0, from.travelled];
	for (let at = halts.indexOf(from) + 1; at <= halts.indexOf(to); at++) {
		const { index, travelled } = halts[at]!;
		const share = index === null ? (total > 0 ? (travelled - from.travelled) / total : 0) : 1;
		if (share > done) {
			const coordinates = partOfLine(leg.coordinates, done, share);
			stops[at]!.way = wayOf({ coordinates }, leg.distance * (share - done), travelled - before);
			if (index === null) stops[at]!.location = rounded(coordinates.at(-1)!);
		} else if (index === null) stops[at]!.location = stops[at - 1]!.location;
		[done, before] = [share, travelled];
	}
}

/** To about a metre. */
const rounded = ([lon, lat]: LonLat): [number, number] => [Number(lon.toFixed(5)), Number(lat.toFixed(5))];
