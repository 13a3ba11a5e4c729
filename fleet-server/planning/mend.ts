/**
 * The rest of a day under way as a problem: vans from where they are, what was done left as it was, what is under way finished where
 * it is, what was promised priced, and all else by the records as they are now.
 */
import type { CalendarDate, PlanDraft, PlannedRoute, PlannedStop, Visit } from '@junkai/contracts';
import { pointAlong, type Region } from '@junkai/regions';
import { VEHICLE_COSTS } from '../dispatch/costs.ts';
import type { Begun, FrameVehicle, RoadProfile } from '../dispatch/frame.ts';
import type { Place } from '../roads/port.ts';
import { calendarOf, without, type Calendar, type Span } from '../registry/calendar.ts';
import { factsOf } from '../registry/facts.ts';
import { closuresWithin } from './closures.ts';
import { exitFrom, type Exit } from './exit.ts';
import type { PlanningFrame, Promised } from './frame.ts';
import { Spots } from './places.ts';
import { measuresOfVan, NEVER, pricedJob, problemOf, type Vehicle } from './problem.ts';
import type { PlanningRecords } from './records.ts';
import { crewsOn, shiftOn } from './resources.ts';
import type { Ask } from './work.ts';

export interface MendInput {
	/** Service time, ms. */
	readonly now: number;
	readonly date: CalendarDate;
	/** The plan that holds, with how far each van has come. */
	readonly plan: PlanDraft;
	/** Where vans are, as far as that is known and fresh. */
	readonly positions: Readonly<Record<string, Place>>;
	/** When vans leave the stop at which they are, by what is known of it; ms. As planned when absent. */
	readonly leaving: Readonly<Record<string, number>>;
}

/** A van where it is. */
interface Standing {
	readonly route: PlannedRoute;
	/** Done, and where it is. */
	readonly stops: readonly PlannedStop[];
	readonly next: number;
	readonly reached: boolean;
	readonly place: Place;
	/** From when on it can be sent, seconds. */
	readonly free: number;
	/** Metres driven on the way to a stop that it did not reach. */
	readonly driven: number;
	readonly rested: boolean;
	/** Behind its plan, seconds. */
	readonly late: number;
}

/** A rest that could not be taken in its time is taken within this, seconds. */
const REST_WITHIN = 3600;
/** A van that runs late may be back as much later than its shift ends, up to this, seconds. */
const OVERTIME = 1800;
/** A van whose shift is over drives home; what is closed within this is closed for it, ms. */
const WAY_HOME_MS = 2 * 3_600_000;

/** Rejects with a PlanningError of status 422 when no van goes any more or no visit is left, with a RoadsError when roads are away. */
export async function mendFrame(region: Region, records: PlanningRecords, input: MendInput, ask: Ask): Promise<PlanningFrame> {
	const { now, date, plan } = input;
	const standings = plan.routes.map((route) => standingOf(route, records, input));
	const begun = new Set(standings.flatMap(({ stops }) => stops.flatMap(({ visits }) => visits.map(({ visit }) => visit))));
	const ours = plan.routes.flatMap(({ stops }) => stops.flatMap(({ visits }) => visits.map(({ visit }) => visit)));
	const grace = new Set(ours);
	const urgent = new Set(records.requests.flatMap(({ id, urgency }) => (urgency === 'urgent' ? [id] : [])));
	const left = {
		...records,
		visits: records.visits
			.filter((visit) => !begun.has(visit.id) && (grace.has(visit.id) || isForToday(visit, date, urgent)))
			.map((visit) => ({ ...visit, planned: null })),
	};
	const options = {
		from: date,
		days: 1,
		surge: surgeOf(records, input, calendarOf(region.timeZone)),
		fairness: 1,
		keep: 'nothing' as const,
		now,
		grace,
		least: 0,
	};
	const frame = problemOf(region, left, options);
	const spots = new Spots(region);
	// The same places in the same order, so that what the problem says of them still holds.
	for (const spot of frame.spots) spots.list.push(spot);
	const promised = promisesOf(plan, begun, date, frame);
	const vehicles = await withStandings(region, frame, standings, spots, homeboundOf(region, records, input, options.surge), ask);
	const known = new Set(frame.doctors.map(({ id }) => id));
	const jobs = (frame.problem.jobs ?? []).map((job) => {
		const promise = promised.find(({ visit }) => visit === job.id);
		return promise
			? pricedJob(job, { ...promise, doctor: known.has(promise.doctor ?? 0) ? promise.doctor : null }, frame.vehicles)
			: job;
	});
	const order = orders(promised, jobs, vehicles.frames);
	return {
		...frame,
		problem: {
			...frame.problem,
			jobs,
			vehicles: vehicles.problem.map((vehicle) => ({ ...vehicle, ...order(vehicle.id) })),
			doctors: freeDoctors(frame, standings, jobs, input),
		},
		spots: spots.list,
		vehicles: vehicles.frames,
		profiles: vehicles.profiles,
		promised,
		now: Math.ceil(now / 1000),
	};
}

/**
 * Who was promised another day keeps it, and nobody is called on for the same day who could as well be seen tomorrow: beside today's
 * appointments only what is urgent, or may not wait.
 */
function isForToday({ planned, until, request }: Visit, date: CalendarDate, urgent: ReadonlySet<number>): boolean {
	if (planned) return planned.date === date;
	return urgent.has(request) || until <= date;
}

/** Those who were called in for the day are there for the rest of it: a surge doctor who attends, a van beyond its usual shifts. */
function surgeOf({ shifts, doctors }: PlanningRecords, { plan, date }: MendInput, calendar: Calendar): boolean {
	const visits = plan.routes.flatMap(({ vehicle, stops }) =>
		stops.flatMap((stop) => stop.visits.map((one) => ({ ...one, vehicle }))),
	);
	const attending = new Set(visits.flatMap(({ consult }) => consult?.doctor ?? []));
	if (doctors.some(({ id, surge }) => surge && attending.has(id))) return true;
	const today = shifts.filter((shift) => shiftOn(shift, date));
	return visits.some(({ vehicle, from }) => {
		const at = today.filter((shift) => {
			const [begin, end] = calendar.spanOf(date, shift.hours);
			return shift.vehicle === vehicle && begin <= from && from < end;
		});
		return at.length > 0 && at.every(({ surge }) => surge);
	});
}

function standingOf(route: PlannedRoute, { visits }: PlanningRecords, { now, positions, leaving }: MendInput): Standing {
	const states = new Map(visits.map(({ id, state }) => [id, state]));
	const wasBegun = (stop: PlannedStop): boolean =>
		stop.visits.some(({ visit }) => ['under-way', 'done', 'not-done'].includes(states.get(visit) ?? ''));
	// What a crew tells may be ahead of what its positions have shown.
	const told = route.stops.findLastIndex(wasBegun);
	const [next, reached] = told > route.next || (told === route.next && !route.reached) ? [told, true] : [route.next, route.reached];
	const done = route.stops.slice(0, next);
	const here = route.stops[next]!;
	const rested = [...done, ...(reached ? [here] : [])].some(({ kind }) => kind === 'break');
	if (reached) {
		const wanted = here.visits.filter(({ visit }) => states.get(visit) !== 'cancelled');
		// At its base before the day begins it can leave whenever its shift lets it.
		const leaves = here.kind === 'start' || here.kind === 'end' ? now : Math.max(now, leaving[route.vehicle] ?? here.departure);
		const stop = {
			...here,
			visits: wanted,
			departure: Math.max(here.arrival, wanted.length === 0 && here.visits.length > 0 ? now : leaves),
		};
		const late = Math.max(0, stop.departure - here.departure) / 1000;
		const place = positions[route.vehicle] && here.kind === 'break' ? positions[route.vehicle]! : here.location;
		return { route, stops: [...done, stop], next, reached, place, free: Math.ceil(stop.departure / 1000), driven: 0, rested, late };
	}
	const before = done.at(-1);
	const share = before ? Math.min(1, Math.max(0, (now - before.departure) / Math.max(1, here.arrival - before.departure))) : 0;
	const driven = (here.way?.distance ?? 0) * share;
	const onTheWay = here.way ? pointAlong(here.way.geometry.coordinates, share).point : (before ?? here).location;
	const place = positions[route.vehicle] ?? onTheWay;
	return {
		route,
		stops: done,
		next,
		reached,
		place,
		free: Math.ceil(now / 1000),
		driven,
		rested,
		late: Math.max(0, now - here.arrival) / 1000,
	};
}

/** Appointments of the plan that holds, without what is begun. */
function promisesOf(plan: PlanDraft, begun: ReadonlySet<number>, date: CalendarDate, { visits }: PlanningFrame): Promised[] {
	const wanted = new Set(visits.map(({ id }) => id));
	return plan.routes.flatMap(({ vehicle, stops }) =>
		stops.flatMap((stop) =>
			stop.visits.flatMap(({ visit, from, consult }): Promised[] =>
				begun.has(visit) || !wanted.has(visit)
					? []
					: [{ visit, vehicle, date, from: Math.round(from / 1000), doctor: consult?.doctor ?? null }],
			),
		),
	);
}

/** Vans of the problem from where they are; vans that go nowhere any more are drawn and are no part of it. */
async function withStandings(
	region: Region,
	frame: PlanningFrame,
	standings: readonly Standing[],
	spots: Spots,
	homebound: (vehicle: string) => RoadProfile | null,
	ask: Ask,
): Promise<{ problem: Vehicle[]; frames: FrameVehicle[]; profiles: Record<string, RoadProfile> }> {
	const problem = new Map(frame.problem.vehicles.map((vehicle) => [vehicle.id, vehicle]));
	const frames = [...frame.vehicles];
	const profiles = { ...frame.profiles };
	const onRoad = await ask({ ask: 'check', places: standings.map(({ place }) => place) });
	let next = Math.max(0, ...frames.map(({ id }) => id)) + 1;
	for (const [at, standing] of standings.entries()) {
		const found = frames.findIndex((one) => one.vehicle === standing.route.vehicle && one.begun === undefined);
		const own = frames[found];
		const homeward = own ? null : homebound(standing.route.vehicle);
		if (!own && !homeward) {
			frames.push(stranded(standing, next++, frame, spots));
			continue;
		}
		// Off every road it is taken to be at the stop before.
		const place = onRoad[at] ? standing.place : (standing.stops.at(-1) ?? standing.route.stops[0]!).location;
		if (!own) {
			const home = goingHome(standing, next++, frame, spots);
			profiles[home.vehicle.profile!] = homeward!;
			const out = await exitFrom(region, homeward!, place, spots.list[home.frame.base]!.location, ask);
			const from = spots.of(startSpot(spots, out?.place ?? place, standing));
			problem.set(home.vehicle.id, { ...home.vehicle, start_index: from });
			frames.push({ ...home.frame, begun: begunOf(standing, true, out) });
			continue;
		}
		const vehicle = problem.get(own.id)!;
		const exit = await exitFrom(region, frame.profiles[vehicle.profile!]!, place, frame.spots[own.base]!.location, ask);
		const start = exit?.place ?? place;
		const index = spots.of(startSpot(spots, start, standing));
		problem.set(own.id, fromHere(vehicle, standing, index, exit));
		frames[found] = { ...own, begun: begunOf(standing, true, exit) };
	}
	return { problem: [...problem.values()], frames, profiles };
}

function startSpot(
	spots: Spots,
	place: Place,
	{ stops, reached }: Standing,
): Pick<PlannedStop, 'location' | 'name' | 'municipality'> {
	const here = stops.at(-1);
	const location: [number, number] = [place[0], place[1]];
	if (reached && here && here.location[0] === place[0] && here.location[1] === place[1]) return here;
	const { name, romaji, municipality } = spots.nearest(place);
	return { location, name: { ja: name, en: romaji ?? name }, municipality: { ...spots.municipality(municipality) } };
}

function fromHere(vehicle: Vehicle, standing: Standing, index: number, exit: Exit | null): Vehicle {
	const { breaks, time_window: hours, ...rest } = vehicle;
	const free = Math.max(standing.free + Math.ceil(exit?.duration ?? 0), hours![0]);
	const until = hours![1] + Math.min(OVERTIME, Math.round(standing.late));
	const due = standing.rested ? [] : (breaks ?? []);
	return {
		...rest,
		start_index: index,
		time_window: [Math.min(free, until), until],
		...(due.length > 0 && { breaks: due.map((one) => ({ ...one, time_windows: [restAfter(free, one.time_windows![0]!)] })) }),
	};
}

const restAfter = (free: number, [from, until]: readonly [number, number]): [number, number] =>
	free <= until ? [Math.max(from, free), until] : [free, free + REST_WITHIN];

function begunOf({ stops, next, reached, driven }: Standing, goesOn: boolean, exit: Exit | null): Begun {
	const { distance = 0, duration = 0, coordinates = [] } = exit ?? {};
	return { stops, next, reached, driven, goesOn, ...(exit && { exit: { distance, duration, coordinates } }) };
}

/** How the roads are asked for a van whose shift is over and that is still out; null for any other that has no hours left. */
function homeboundOf(
	region: Region,
	records: PlanningRecords,
	{ now, date }: MendInput,
	surge: boolean,
): (vehicle: string) => RoadProfile | null {
	const { idle } = crewsOn(records, date, { calendar: calendarOf(region.timeZone), surge, notBefore: now, least: 0 });
	const over = new Set(idle.flatMap(({ vehicle, reason }) => (reason === 'over' ? [vehicle] : [])));
	const closures = closuresWithin(factsOf(region), records.closures, now, now + WAY_HOME_MS);
	return (vehicle) => {
		const van = records.fleet.find((one) => one.vehicle === vehicle);
		return van && over.has(vehicle) ? { vehicle: measuresOfVan(van), closures } : null;
	};
}

/** A van that only drives home: a vehicle of the problem to which nothing can be given. */
function goingHome(
	{ route, free }: Standing,
	id: number,
	{ dates }: PlanningFrame,
	spots: Spots,
): { vehicle: Vehicle; frame: FrameVehicle } {
	const base = spots.of(route.stops[0]!);
	const hours: [number, number] = [Math.floor(route.stops[0]!.arrival / 1000), free];
	return {
		vehicle: {
			id,
			profile: `home-${id}`,
			start_index: base,
			end_index: base,
			time_window: [free, free],
			max_tasks: 0,
			costs: VEHICLE_COSTS,
		},
		frame: { id, vehicle: route.vehicle, base, date: dates[0]!, hours, driver: null, nurse: null },
	};
}

/** A van that goes nowhere any more stays where it is. */
function stranded(standing: Standing, id: number, frame: PlanningFrame, spots: Spots): FrameVehicle {
	const { route, stops, reached, free } = standing;
	const first = route.stops[0]!;
	const base = spots.of(first);
	const hours: [number, number] = [Math.floor(first.arrival / 1000), free];
	const own = { id, vehicle: route.vehicle, base, date: frame.dates[0]!, hours, driver: null, nurse: null };
	if (reached) return { ...own, begun: begunOf(standing, false, null) };
	const now = free * 1000;
	const last: PlannedStop = {
		kind: 'end',
		...startSpot(spots, standing.place, standing),
		arrival: now,
		departure: now,
		visits: [],
		meetingPoint: false,
		way: null,
	};
	return { ...own, begun: { ...begunOf(standing, false, null), stops: [...stops, last], reached: true } };
}

/** The old order, of which the planner keeps what still holds. */
function orders(promised: readonly Promised[], jobs: readonly { readonly id: number }[], frames: readonly FrameVehicle[]) {
	const known = new Set(jobs.map(({ id }) => id));
	const routes = Map.groupBy(
		promised.filter(({ visit }) => known.has(visit)),
		({ vehicle }) => vehicle,
	);
	return (id: number): Pick<Vehicle, 'steps'> => {
		const frame = frames.find((one) => one.id === id)!;
		// Of a van with two shifts the first one takes up the old order; what does not fit there goes where it fits.
		if (frames.find(({ vehicle }) => vehicle === frame.vehicle) !== frame) return {};
		const order = (routes.get(frame.vehicle) ?? []).toSorted((a, b) => a.from - b.from);
		return order.length > 0 ? { steps: order.map(({ visit }) => ({ type: 'job' as const, id: visit })) } : {};
	};
}

/** Doctors are with the patients of visits under way until these end. */
function freeDoctors(
	{ problem, doctors }: PlanningFrame,
	standings: readonly Standing[],
	jobs: NonNullable<PlanningFrame['problem']['jobs']>,
	{ now }: MendInput,
): NonNullable<PlanningFrame['problem']['doctors']> {
	const busy = new Map<number, Span[]>();
	for (const { stops, next, reached, route } of standings) {
		if (!reached) continue;
		const here = stops.at(-1)!;
		// Who is behind its time is so with the doctor too.
		const late = Math.max(0, here.departure - route.stops[next]!.departure);
		for (const { consult } of here.visits) {
			if (!consult || consult.to + late <= now) continue;
			const span: Span = [Math.floor((consult.from + late) / 1000), Math.ceil((consult.to + late) / 1000)];
			busy.set(consult.doctor, [...(busy.get(consult.doctor) ?? []), span]);
		}
	}
	const listed = (problem.doctors ?? []).map((one) => {
		const hours = without(one.time_windows as Span[], busy.get(one.id) ?? []);
		return { ...one, time_windows: hours.length > 0 ? hours.map(([from, until]): [number, number] => [from, until]) : [NEVER] };
	});
	// Who was promised and has no hours left is named by a promise all the same.
	const promised = new Set(jobs.flatMap(({ appointment }) => appointment?.doctor ?? []));
	const away = doctors.filter(({ id }) => promised.has(id) && !listed.some((one) => one.id === id));
	return [...listed, ...away.map(({ id }) => ({ id, time_windows: [NEVER] }))];
}
