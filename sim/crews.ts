/**
 * Crews at work: every van follows the orders that it has, patients and doctors are seen to one after the other, and a closed road
 * stops who has not entered it. What lies behind a moment stays as it was; what lies ahead is worked out anew when something changes.
 */
import type { CrewReport, PlannedRoute, PlannedStop } from '@junkai/contracts';
import { distanceKm, lineKm, type Coverage, type LonLat, type Region } from '@junkai/regions';
import { Ways } from './crew-ways.ts';
import type { DriveLeg, Leg, StopLeg, Visit } from './journey.ts';
import { patientCases } from './patient.ts';
import { randomFrom, seedOf } from './random.ts';

/** What a crew did or will do, seconds of the schedule. */
export type CrewEvent =
	| { readonly state: 'departed' | 'arrived'; readonly time: number; readonly stop: number; readonly revision: number }
	| { readonly state: 'started' | 'done'; readonly time: number; readonly visit: number; readonly revision: number }
	| { readonly state: 'rested'; readonly time: number; readonly until: number }
	| { readonly state: 'consult'; readonly time: number; readonly until: number; readonly visit: number; readonly doctor: number };

export interface Crew {
	readonly vehicle: string;
	readonly seed: number;
	/** Null: no orders yet; it stands where it is. */
	readonly route: PlannedRoute | null;
	/** Of the plan that the route is of; 0 without one. */
	readonly revision: number;
	readonly broken: boolean;
	readonly legs: readonly Leg[];
	readonly events: readonly CrewEvent[];
}

export interface CrewWorld {
	readonly region: Region;
	readonly coverage: Coverage;
	/** Service time of second 0 of the schedule, ms since 1970. */
	readonly origin: number;
	/** Edges that are closed. */
	readonly closed: ReadonlySet<string>;
	readonly ways: Ways;
}

export const crewWorld = (region: Region, coverage: Coverage, origin: number): CrewWorld => ({
	region,
	coverage,
	origin,
	closed: new Set(),
	ways: new Ways(region, coverage),
});

/** So long after all that can happen, s. */
const FOR_GOOD = 1e9;
/** The nurse attaches the devices so long after the visit begins and takes them off so long before it ends, s. */
const ATTACH = 45;
const DETACH = 30;
/** How much longer or shorter than planned drives and the nurse's work take. Assumptions of the simulation. */
const DRIVE = [0.92, 1.04] as const;
const WORK = [0.85, 1.06] as const;
/** Two places as near as this are one, km. */
const SAME_KM = 0.3;
const FALLBACK_KMH = 35;

/** A crew before its first orders. */
export function newCrew(vehicle: string, seed: number, at: LonLat, name: string, { ways }: CrewWorld): Crew {
	const leg: StopLeg = {
		kind: 'stop',
		from: 0,
		to: FOR_GOOD,
		name,
		lat: at[1],
		lon: at[0],
		alt: ways.altitude(at),
		visits: [],
		on: ways.standingOn(null, at),
	};
	return { vehicle, seed, route: null, revision: 0, broken: false, legs: [leg], events: [] };
}

/** All crews from `now` on, seconds of the schedule: what is under way is finished, then everyone follows the orders as they are. */
export function carryOn(crews: readonly Crew[], now: number, world: CrewWorld): Crew[] {
	const working = crews.map((crew) => new Working(crew, now, world));
	const doctors = new Map<number, number>();
	for (const { events } of working) {
		for (const event of events)
			if (event.state === 'consult') doctors.set(event.doctor, Math.max(doctors.get(event.doctor) ?? 0, event.until));
	}
	for (;;) {
		// Whoever is ready first goes first: that is how a doctor takes patients.
		let next: Working | undefined;
		for (const one of working) if (!one.idle && (!next || one.time < next.time)) next = one;
		if (!next) break;
		next.step(doctors);
	}
	return working.map((one) => one.crew);
}

/** What a crew tells the office of its past up to a moment: everything of which there is a word in the contract. */
export function reportsOf(crew: Crew, after: number, until: number, origin: number): CrewReport[] {
	return crew.events.flatMap((event): CrewReport[] => {
		if (event.time <= after || event.time > until) return [];
		const time = Math.round(origin + event.time * 1000);
		if (event.state === 'departed' || event.state === 'arrived')
			return [{ state: event.state, stop: event.stop, revision: event.revision, time }];
		if (event.state === 'started' || event.state === 'done')
			return [{ state: event.state, visit: event.visit, revision: event.revision, time }];
		return [];
	});
}

/** One crew while its day is worked out. */
class Working {
	readonly events: CrewEvent[];
	time: number;
	idle = false;
	readonly #before: Crew;
	readonly #world: CrewWorld;
	readonly #legs: Leg[];
	/** Where it has driven since its last stop, for the way back. */
	#trail: LonLat[] = [];
	#next: number;
	/** Visits of the stop where it stands that are still to be made. */
	#left: PlannedStop['visits'] = [];

	constructor(crew: Crew, now: number, world: CrewWorld) {
		this.#before = crew;
		this.#world = world;
		this.events = eventsUntil(crew.events, now);
		const busy = Math.max(now, ...this.events.map((event) => ('until' in event ? event.until : event.time)));
		this.#legs = legsUntil(crew.legs, now, busy);
		this.time = Math.max(this.#legs.at(-1)!.to, now);
		for (let at = this.#legs.length - 1; at >= 0 && this.#legs[at]!.kind === 'drive'; at--)
			this.#trail.unshift(...(this.#legs[at] as DriveLeg).line);
		this.#next = this.#firstToCome();
		if (crew.broken || crew.route === null) this.#stay(crew.broken ? '故障' : this.#name());
	}

	get crew(): Crew {
		return { ...this.#before, legs: this.#legs, events: this.events };
	}

	/** Does the next thing: a visit, a rest, or the drive to the next stop. */
	step(doctors: Map<number, number>): void {
		const visit = this.#left.shift();
		if (visit) {
			this.#attend(visit, doctors);
			return;
		}
		const { stops } = this.#before.route!;
		const stop = stops[this.#next];
		if (!stop) {
			this.#stay(this.#name());
			return;
		}
		if (stop.kind === 'start') this.#leaveBase(stop);
		else if (!this.#reach(stop)) return;
		if (stop.kind === 'break') this.#rest(stop);
		if (stop.kind === 'visits') {
			const begun = new Set(this.events.flatMap((event) => (event.state === 'started' ? [event.visit] : [])));
			this.#left = stop.visits.filter((one) => !begun.has(one.visit));
		}
		this.#next++;
	}

	/** The first stop that is not done: behind the last one at which a visit was begun. */
	#firstToCome(): number {
		const stops = this.#before.route?.stops ?? [];
		const begun = new Set(this.events.flatMap((event) => (event.state === 'started' ? [event.visit] : [])));
		const last = stops.findLastIndex(({ visits }) => visits.some((one) => begun.has(one.visit)));
		if (last >= 0) return stops[last]!.visits.every((one) => begun.has(one.visit)) ? last + 1 : last;
		return this.#ofThisDay().some(({ state }) => state === 'departed') ? 1 : 0;
	}

	/** What happened since the shift of the present orders began: a van that is through has tomorrow's orders in the evening. */
	#ofThisDay(): CrewEvent[] {
		const begin = this.#seconds(this.#before.route?.stops[0]?.arrival ?? 0);
		return this.events.filter(({ time }) => time >= begin);
	}

	get #here(): LonLat {
		const leg = this.#legs.at(-1)!;
		return leg.kind === 'stop' ? [leg.lon, leg.lat] : leg.line.at(-1)!;
	}

	#name(): string {
		return this.#legs.findLast((leg): leg is StopLeg => leg.kind === 'stop')?.name ?? '';
	}

	#seconds(ms: number): number {
		return (ms - this.#world.origin) / 1000;
	}

	/** Stands where it is until further notice. */
	#stay(name: string): void {
		this.#stand(name, FOR_GOOD);
		this.idle = true;
	}

	/** Stands here until then, in the leg in which it stands already if there is one. */
	#stand(name: string, until: number, visits: Visit[] = []): void {
		const last = this.#legs.at(-1)!;
		if (last.kind === 'stop') {
			this.#legs[this.#legs.length - 1] = { ...last, to: Math.max(last.to, until), visits: [...last.visits, ...visits] };
		} else {
			const at = this.#here;
			const { ways } = this.#world;
			const came = last.edge === null ? null : { edge: last.edge, along: last.along[1] };
			const on = ways.standingOn(came, at);
			this.#legs.push({
				kind: 'stop',
				from: this.time,
				to: until,
				name,
				lat: at[1],
				lon: at[0],
				alt: ways.altitude(at),
				visits,
				on,
			});
		}
		this.time = Math.max(this.time, until);
	}

	#leaveBase(stop: PlannedStop): void {
		this.#stand(stop.name.ja, Math.max(this.time, this.#seconds(stop.departure)));
		this.events.push({ state: 'departed', time: this.time, stop: this.#next, revision: this.#before.revision });
	}

	/** Drives to a stop; false when a closed road is in the way, before which it then stands. */
	#reach(stop: PlannedStop): boolean {
		const at: LonLat = [stop.location[0], stop.location[1]];
		const end = stop.way?.geometry.coordinates.at(-1) ?? at;
		if (distanceKm(this.#here, end) > 0.01 && !(stop.way === null && distanceKm(this.#here, at) < SAME_KM)) {
			if (!this.#drive(stop, at)) return false;
			this.events.push({ state: 'arrived', time: this.time, stop: this.#next, revision: this.#before.revision });
		}
		this.#stand(stop.name.ja, this.time);
		return true;
	}

	#drive({ way }: PlannedStop, to: LonLat): boolean {
		const { ways, closed } = this.#world;
		const line = way ? ways.joined(this.#here, this.#trail, way.geometry.coordinates) : [this.#here, to];
		const km = lineKm(line);
		const wayKm = way ? Math.max(0.001, lineKm(way.geometry.coordinates)) : 0;
		const planned = way ? (way.duration * km) / wayKm : (km / FALLBACK_KMH) * 3600;
		const seconds = Math.max(1, planned * this.#between('drive', DRIVE));
		const drives = ways.drives(line, this.time, this.time + seconds);
		const last = this.#legs.at(-1)!;
		let edge = last.kind === 'drive' ? last.edge : (last.on?.edge ?? null);
		for (const leg of drives) {
			// Out of a road that was closed behind it a van may go on; into one it may not.
			if (leg.edge !== null && leg.edge !== edge && closed.has(leg.edge)) {
				this.#stay('通行止め');
				return false;
			}
			edge = leg.edge;
			this.#legs.push(leg);
			this.#trail.push(...leg.line);
			this.time = leg.to;
		}
		this.#trail = [];
		return true;
	}

	#rest(stop: PlannedStop): void {
		if (this.#ofThisDay().some(({ state }) => state === 'rested')) return;
		const length = (stop.departure - stop.arrival) / 1000;
		const from = Math.max(this.time, this.#seconds(stop.arrival));
		this.events.push({ state: 'rested', time: from, until: from + length });
		this.#stand(stop.name.ja, from + length);
	}

	#attend(visit: PlannedStop['visits'][number], doctors: Map<number, number>): void {
		const begin = Math.max(this.time, this.#seconds(visit.from));
		const slower = this.#between(`visit ${visit.visit}`, WORK);
		let end = begin + ((visit.to - visit.from) / 1000) * slower;
		this.events.push({ state: 'started', time: begin, visit: visit.visit, revision: this.#before.revision });
		if (visit.consult) {
			const { doctor, from, to } = visit.consult;
			const ready = begin + ((from - visit.from) / 1000) * slower;
			const joined = Math.max(ready, doctors.get(doctor) ?? 0);
			const left = joined + (to - from) / 1000;
			doctors.set(doctor, left);
			this.events.push({ state: 'consult', time: joined, until: left, visit: visit.visit, doctor });
			end = left + ((visit.to - to) / 1000) * slower;
		}
		this.events.push({ state: 'done', time: end, visit: visit.visit, revision: this.#before.revision });
		this.#stand(this.#name(), end, [attached(visit.visit, begin, end, this.#before.seed)]);
	}

	/** A factor that is the same for the same van and thing, whenever it is asked for. */
	#between(what: string, [least, most]: readonly [number, number]): number {
		return least + (most - least) * randomFrom(seedOf(this.#before.seed, what, this.#next))();
	}
}

function attached(visit: number, begin: number, end: number, seed: number): Visit {
	const random = randomFrom(seedOf(seed, 'visit', visit));
	const after = Math.min(ATTACH, (end - begin) / 4);
	return {
		from: begin + after,
		to: Math.max(begin + after + 1, end - DETACH),
		case: patientCases[Math.floor(random() * patientCases.length)]!,
		seed: seedOf(seed, 'patient', visit),
	};
}

/** What was begun by now is finished as it was going to be; nothing else of the future stays. */
function eventsUntil(events: readonly CrewEvent[], now: number): CrewEvent[] {
	const begun = new Set(events.flatMap((event) => (event.state === 'started' && event.time <= now ? [event.visit] : [])));
	return events.filter((event) => {
		if (event.state === 'done' || event.state === 'consult') return begun.has(event.visit);
		return event.time <= now;
	});
}

/** The day up to a moment: a drive is cut there, a stop lasts until what is under way is finished. */
function legsUntil(legs: readonly Leg[], now: number, busy: number): Leg[] {
	const past = legs.filter((leg, index) => index === 0 || leg.from < now);
	const last = past.at(-1)!;
	if (last.kind === 'stop') {
		past[past.length - 1] = { ...last, to: Math.max(last.from, busy), visits: last.visits.filter((visit) => visit.from <= busy) };
	} else if (last.to > now) past[past.length - 1] = Ways.cut(last, (now - last.from) / (last.to - last.from));
	return past;
}
