/** What a timeline shows: a lane for each van and for each doctor. Pure; made from a plan in the making or from the one that holds. */
import type {
	CareNeed,
	DraftDay,
	PlanDraft,
	PlannedRoute,
	PlannedStop,
	PlannedVisit,
	PublishedPlan,
	VehicleEstimate,
} from '@junkai/contracts';
import { routeColour } from '../../../shared/map/route-colours.ts';
import { estimatedStop, type VisitState } from './live.ts';

export interface Words {
	ja: string;
	en: string;
}

export interface TimelineConsult {
	doctor: number;
	from: number;
	to: number;
}

/** Where a visit lies. Times are UTC ms. */
export interface TimelineVisit {
	visit: number;
	need: CareNeed;
	place: Words;
	municipality: Words | null;
	/** The patient comes to a meeting place, because there is no signal at home. */
	meetingPoint: boolean;
	from: number;
	to: number;
	consult: TimelineConsult | null;
	/** Only of a day under way: how the plan had it, how sure the time is, and how far it has come. */
	live: {
		planned: { from: number; to: number; consult: TimelineConsult | null };
		/** With nine chances of ten it begins between these. */
		bounds: readonly [number, number];
		/** Behind the plan, ms; negative: ahead of it. */
		late: number;
		state: VisitState;
		/** The doctor's part cannot be held as planned. */
		consultOff: boolean;
	} | null;
}

/** What a van does beside visits. */
export interface TimelineSpan {
	kind: 'drive' | 'wait' | 'break';
	from: number;
	to: number;
}

export interface VehicleLane {
	vehicle: string;
	/** The same as on the map. */
	colour: string;
	/** When the crew works; null when it is not known. */
	shift: readonly [number, number] | null;
	crew: readonly string[];
	visits: readonly TimelineVisit[];
	spans: readonly TimelineSpan[];
}

export interface DoctorLane {
	doctor: number;
	name: Words;
	/** Offered hours; empty when they are not known. */
	hours: readonly (readonly [number, number])[];
	consults: readonly { visit: number; vehicle: string; colour: string; from: number; to: number; off: boolean }[];
}

export interface UnassignedVisit {
	visit: number;
	need: CareNeed;
	place: Words;
	municipality: Words | null;
}

export interface TimelineData {
	/** Ends of the axis, whole hours. */
	from: number;
	to: number;
	vehicles: readonly VehicleLane[];
	doctors: readonly DoctorLane[];
	unassigned: readonly UnassignedVisit[];
}

export type Lanes = DraftDay['lanes'];
export type Scheme = 'light' | 'dark';

const hour = 3_600_000;

/** A day of a plan in the making. */
export const timelineOfDraft = ({ draft, lanes }: DraftDay, scheme: Scheme): TimelineData =>
	timelineOf(draft, lanes, scheme, () => undefined);

/**
 * The plan that holds, with how the day stands. What an estimate says is shown solid, the plan behind it as its shadow.
 * @param lanes shifts and doctors' hours, when they are known; a plan by itself does not hold them
 */
export function timelineOfPlan(
	plan: PublishedPlan,
	scheme: Scheme,
	estimates: ReadonlyMap<string, VehicleEstimate> = new Map(),
	lanes: Lanes = { vehicles: [], doctors: [] },
): TimelineData {
	return timelineOf(plan, lanes, scheme, (vehicle) => estimates.get(vehicle));
}

function timelineOf(
	draft: PlanDraft,
	lanes: Lanes,
	scheme: Scheme,
	estimateOf: (vehicle: string) => VehicleEstimate | undefined,
): TimelineData {
	const routes = new Map(draft.routes.map((route, index) => [route.vehicle, { route, colour: routeColour(index, scheme) }]));
	const shifts = new Map(lanes.vehicles.map((lane) => [lane.vehicle, lane]));
	const ids = [...routes.keys(), ...lanes.vehicles.map(({ vehicle }) => vehicle).filter((vehicle) => !routes.has(vehicle))];
	const sorted = ids.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
	const vehicles = sorted.map((vehicle): VehicleLane => {
		const { route, colour } = routes.get(vehicle) ?? { route: undefined, colour: 'var(--text-quiet)' };
		const shift = shifts.get(vehicle);
		return {
			vehicle,
			colour,
			shift: shift === undefined ? null : [shift.from, shift.until],
			crew: [shift?.driver, shift?.nurse].filter((name) => typeof name === 'string'),
			...(route === undefined ? { visits: [], spans: [] } : contentOf(route, estimateOf(vehicle))),
		};
	});
	const doctors = doctorLanes(draft, lanes, vehicles);
	const unassigned = draft.unassigned.map(({ visit, need, name, municipality }) => ({ visit, need, place: name, municipality }));
	return { ...axisOf(vehicles, doctors, draft), vehicles, doctors, unassigned };
}

function contentOf(route: PlannedRoute, estimate: VehicleEstimate | undefined) {
	const visits: TimelineVisit[] = [];
	const spans: TimelineSpan[] = [];
	let left: number | undefined;
	for (const [index, planned] of route.stops.entries()) {
		const { stop, live } = estimatedStop(planned, index, estimate);
		if (left !== undefined && planned.way !== null && stop.arrival > left)
			spans.push({ kind: 'drive', from: left, to: stop.arrival });
		if (planned.kind === 'break') spans.push({ kind: 'break', from: stop.arrival, to: stop.departure });
		else if (planned.kind === 'visits') spans.push(...waitsOf(stop));
		visits.push(...stop.visits.map((visit, at) => visitOf(planned, visit, live?.[at] ?? null)));
		left = stop.departure;
	}
	return { visits, spans };
}

/** Times at a stop in which nobody is seen, of a minute or more. */
function waitsOf({ arrival, departure, visits }: PlannedStop): TimelineSpan[] {
	const spans: TimelineSpan[] = [];
	let free = arrival;
	for (const { from, to } of [...visits, { from: departure, to: departure }]) {
		if (from - free >= 60_000) spans.push({ kind: 'wait', from: free, to: from });
		free = Math.max(free, to);
	}
	return spans;
}

const visitOf = (
	{ name, municipality, meetingPoint }: PlannedStop,
	{ visit, need, from, to, consult }: PlannedVisit,
	live: TimelineVisit['live'],
): TimelineVisit => ({ visit, need, place: name, municipality, meetingPoint, from, to, consult, live });

function doctorLanes(draft: PlanDraft, lanes: Lanes, vehicles: readonly VehicleLane[]): DoctorLane[] {
	const hours = new Map(lanes.doctors.map((lane) => [lane.doctor, lane.hours]));
	const consults = Map.groupBy(
		vehicles.flatMap(({ vehicle, colour, visits }) =>
			visits.flatMap(({ visit, consult, live }) =>
				consult === null ? [] : [{ ...consult, visit, vehicle, colour, off: live?.consultOff ?? false }],
			),
		),
		({ doctor }) => doctor,
	);
	return draft.doctors
		.filter(({ id }) => hours.has(id) || consults.has(id))
		.map(({ id, name }) => ({
			doctor: id,
			name,
			hours: hours.get(id) ?? [],
			consults: (consults.get(id) ?? []).toSorted((a, b) => a.from - b.from),
		}));
}

/** Whole hours around all that is shown. */
function axisOf(vehicles: readonly VehicleLane[], doctors: readonly DoctorLane[], draft: PlanDraft): { from: number; to: number } {
	const ends = [
		...vehicles.flatMap(({ shift, visits, spans }) => [...(shift ?? []), ...[...visits, ...spans].flatMap((s) => [s.from, s.to])]),
		...doctors.flatMap(({ hours, consults }) => [...hours.flat(), ...consults.flatMap(({ from, to }) => [from, to])]),
	];
	if (ends.length === 0) ends.push(draft.from, draft.to);
	const from = Math.floor(ends.reduce((least, ms) => Math.min(least, ms), Infinity) / hour) * hour;
	const to = Math.ceil(ends.reduce((most, ms) => Math.max(most, ms), -Infinity) / hour) * hour;
	return { from, to: Math.max(to, from + 2 * hour) };
}

/** A visit and the lane in which it lies. */
export function findVisit(data: TimelineData, visit: number): { lane: VehicleLane; visit: TimelineVisit } | null {
	for (const lane of data.vehicles) {
		const found = lane.visits.find((one) => one.visit === visit);
		if (found !== undefined) return { lane, visit: found };
	}
	return null;
}
