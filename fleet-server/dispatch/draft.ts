/** The planner's answer as a plan that can be published: stops in words, times of the clock, and the way on the road. */
import type { PlanDraft, PlannedStop, PlannedVisit, PlanRoute, PlanSolution, PlanStep } from '@junkai/contracts';
import { partOfLine, type LonLat, type Municipality, type Region } from '@junkai/regions';
import type { Closure, Roads } from '../roads/port.ts';
import type { CareVan } from './care.ts';
import { placeOf, type DayProblem, type Spot } from './problem.ts';

export interface DraftOptions {
	readonly region: Region;
	readonly roads: Roads;
	readonly closures?: readonly Closure[];
	/** Of the time of the plan, seconds, the time of the clock, ms since 1970. */
	readonly clock: (seconds: number) => number;
}

/** A stop, and what it takes to find the way to it. */
interface Halt {
	readonly stop: PlannedStop;
	/** Place in the problem; null for a rest somewhere on the way. */
	readonly index: number | null;
	/** Seconds of travel since the start of the route, from the plan. */
	readonly travelled: number;
}

/** A draft of the whole day, nothing of it driven yet. Rejects with a RoadsError when the roads give no way. */
export async function draftOfPlan(given: DayProblem, solution: PlanSolution, options: DraftOptions): Promise<PlanDraft> {
	const { day } = given;
	const words = wordsOf(options.region);
	const routes = await Promise.all(
		day.vans.map(async (van) => {
			const route = solution.routes?.find((one) => one.vehicle === van.id);
			const halts = route ? haltsOf(route, given, words, options.clock) : [waiting(van, given, words, options.clock)];
			const stops = await withWays(halts, van, given, options);
			const distance = stops.reduce((sum, { way }) => sum + (way?.distance ?? 0), 0);
			return { vehicle: van.vehicle, distance, stops, next: 0, reached: true };
		}),
	);
	return {
		from: Math.min(...routes.map(({ stops }) => stops[0]!.arrival)),
		to: Math.max(...routes.map(({ stops }) => stops.at(-1)!.departure)),
		doctors: day.doctors.map(({ id, name, specialties }) => ({ id, name, specialties: [...specialties] })),
		routes,
		unassigned: (solution.unassigned ?? []).map((task) => {
			const visit = day.visits.find((one) => one.id === task.id)!;
			const spot = given.spots.find(({ kind, of }) => kind === 'settlement' && of.id === visit.settlement)!;
			const rule = task.nearest?.rule ?? task.reasons?.[0]?.rule ?? null;
			return { visit: visit.id, need: visit.need, ...words(spot, false), rule };
		}),
	};
}

type Words = (spot: Spot, building: boolean) => Pick<PlannedStop, 'location' | 'name' | 'municipality'>;

/** Where a place is, in words. A machine made the Latin names of settlements; bases and buildings have Japanese names only. */
function wordsOf(region: Region): Words {
	const municipalities = new Map<string, Municipality>(region.municipalities.map((one) => [one.id, one]));
	return (spot, building) => {
		const municipality = municipalities.get(spot.of.municipality);
		const ja = spot.kind === 'settlement' && building ? (spot.of.stop ?? spot.of.name) : spot.of.name;
		const latin = spot.kind === 'settlement' ? spot.of.romaji : undefined;
		return {
			location: [spot.of.lon, spot.of.lat],
			name: { ja, en: latin ?? ja },
			municipality: municipality ? { ja: municipality.name, en: municipality.romaji } : null,
		};
	};
}

/** A van that the plan leaves at its base. */
function waiting(van: CareVan, { spots }: DayProblem, words: Words, clock: DraftOptions['clock']): Halt {
	const index = spots.findIndex(({ kind, of }) => kind === 'base' && of.id === van.base);
	const times = { arrival: clock(van.shift[0]), departure: clock(van.shift[1]) };
	return { index, travelled: 0, stop: { kind: 'start', ...words(spots[index]!, false), ...times, visits: [], ...atHome } };
}

const atHome = { meetingPoint: false, way: null } as const;

/** Steps as stops: what follows one another at one place is one stop. */
function haltsOf(route: PlanRoute, given: DayProblem, words: Words, clock: DraftOptions['clock']): Halt[] {
	const halts: Halt[] = [];
	for (const step of route.steps) {
		const { index, meetingPoint } = placeOfStep(step, given);
		const last = halts.at(-1);
		// A rest where the van is already begins when it begins; elsewhere the van arrives first.
		const there = step.type === 'break' && step.duration === last?.travelled;
		const arrival = clock(step.arrival + (there ? step.waiting_time : 0));
		const departure = clock(endOf(step));
		if (step.type === 'job' && last?.stop.kind === 'visits' && last.index === index) {
			last.stop.visits.push(visitOf(step, given, clock));
			last.stop.departure = departure;
			continue;
		}
		const kind = step.type === 'job' ? 'visits' : step.type === 'start' || step.type === 'end' ? step.type : 'break';
		// Where on the way a rest is taken becomes known with the way; until then it is where the van was last.
		const place = index === null ? pickPlace(last!.stop) : words(given.spots[index]!, meetingPoint);
		halts.push({
			index,
			travelled: step.duration,
			stop: {
				kind,
				...place,
				arrival,
				departure,
				visits: step.type === 'job' ? [visitOf(step, given, clock)] : [],
				meetingPoint,
				way: null,
			},
		});
	}
	return halts;
}

const endOf = (step: PlanStep): number => step.arrival + step.waiting_time + step.setup + step.service;
const pickPlace = ({ location, name, municipality }: PlannedStop) => ({ location, name, municipality });

function placeOfStep(step: PlanStep, { problem }: DayProblem): { index: number | null; meetingPoint: boolean } {
	const job = step.type === 'job' ? problem.jobs?.find((one) => one.id === step.id) : undefined;
	const point = step.meeting_point === undefined ? undefined : job?.meeting_points?.[step.meeting_point];
	return { index: point?.location_index ?? step.location_index ?? null, meetingPoint: point !== undefined };
}

function visitOf(step: PlanStep, { day }: DayProblem, clock: DraftOptions['clock']): PlannedVisit {
	const visit = day.visits.find((one) => one.id === step.id)!;
	const { consult } = step;
	return {
		visit: visit.id,
		need: visit.need,
		from: clock(step.arrival + step.waiting_time),
		to: clock(endOf(step)),
		consult: consult ? { doctor: consult.doctor, from: clock(consult.start), to: clock(consult.end) } : null,
	};
}

/** Adds the way to each stop. A rest between two places cuts the way between them where the plan has driven as far. */
async function withWays(
	halts: readonly Halt[],
	van: CareVan,
	{ spots }: DayProblem,
	options: DraftOptions,
): Promise<PlannedStop[]> {
	const fixed = halts.filter(({ index }) => index !== null);
	const moves = fixed.slice(1).flatMap((halt, at) => (halt.index === fixed[at]!.index ? [] : [{ from: fixed[at]!, to: halt }]));
	if (moves.length === 0) return halts.map(({ stop }) => stop);
	const places = [moves[0]!.from, ...moves.map(({ to }) => to)].map(({ index }) => placeOf(spots[index!]!));
	const { roads, closures = [] } = options;
	const { legs } = await roads.route({ places, vehicle: van.class, closures });
	const stops = halts.map(({ stop }) => ({ ...stop }));
	for (const [number, { from, to }] of moves.entries()) {
		const leg = legs[number]!;
		const total = to.travelled - from.travelled;
		let [done, before] = [0, from.travelled];
		for (let at = halts.indexOf(from) + 1; at <= halts.indexOf(to); at++) {
			const { index, travelled } = halts[at]!;
			const share = index === null ? (total > 0 ? (travelled - from.travelled) / total : 0) : 1;
			if (share > done) {
				const coordinates = partOfLine(leg.geometry.coordinates, done, share);
				stops[at]!.way = {
					distance: leg.distance * (share - done),
					duration: travelled - before,
					geometry: { type: 'LineString', coordinates: coordinates.map(rounded) },
				};
				if (index === null) stops[at]!.location = rounded(coordinates.at(-1)!);
			} else if (index === null) stops[at]!.location = stops[at - 1]!.location;
			[done, before] = [share, travelled];
		}
	}
	return stops;
}

/** To about a metre. */
const rounded = ([lon, lat]: LonLat): [number, number] => [Number(lon.toFixed(5)), Number(lat.toFixed(5))];
