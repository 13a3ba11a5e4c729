/**
 * What becomes of the visits of today: told by crews, and where nobody tells, seen by a van that came to a stop and left it after a
 * stay in which the visits can have been made. A visit of which nothing was known when its day ended is not done, and somebody is told.
 */
import { EventEmitter } from 'node:events';
import type {
	CalendarDate,
	CrewReport,
	PlannedRoute,
	PlannedStop,
	PlannedVisit,
	PositionRecord,
	PublishedPlan,
	RouteProgress,
	VehicleId,
	VisitState,
} from '@junkai/contracts';
import type { Logger } from 'pino';
import type { ServiceClock } from '../../clock.ts';
import { FleetServerError, messageOf } from '../../errors.ts';
import { standsAt } from '../progress.ts';
import type { Publications } from '../publications.ts';
import { stopName, type LedgerEntry, type LedgerStore, type StopTimes } from './store.ts';

export interface LedgerEvents {
	/** What became of a visit changed. Null: nothing is known of it any more, it is tried again. */
	visit: [visit: number, entry: LedgerEntry | null, date: CalendarDate, note: string | undefined];
	/** A van came to a stop or left it, or its crew told something. */
	vehicle: [vehicle: VehicleId];
}

export interface LedgerOptions {
	store: LedgerStore;
	publications: Publications;
	clock: ServiceClock;
	/** Called off by the records: a van that stands there has come for somebody else. */
	isCancelled: (visit: number) => boolean;
	log: Logger;
}

/** A report may be of so much later than now: clocks of tablets differ, ms. */
const AHEAD_MS = 5 * 60_000;
/** A stay that lasts so much of the time planned for its visits can have been them. */
const ENOUGH_STAY = 1 / 3;

/** The name that a stop keeps when the plan is mended. */
export function nameOf({ kind, visits, arrival }: PlannedStop): string {
	if (kind === 'visits') return `visit-${visits[0]?.visit ?? arrival}`;
	return kind === 'break' ? `break-${arrival}` : kind;
}

export class Ledger extends EventEmitter<LedgerEvents> {
	readonly #options: LedgerOptions;
	#entries: Map<number, LedgerEntry>;
	#stops: Map<string, StopTimes>;
	/** Minutes that crews said they are later, until they arrive somewhere. */
	#delays = new Map<VehicleId, number>();
	/** Stays at stops of today that were told of late, by the stop's name. */
	readonly #stays = new Map<string, { from: number; to: number }>();

	constructor(options: LedgerOptions) {
		super();
		this.#options = options;
		const { store, publications } = options;
		this.#entries = store.entries(publications.today);
		this.#stops = store.stops(publications.today);
		this.#readDelays();
		publications.on('progress', (after, before, time, share) => this.#moved(after, before, time, share));
		publications.on('day', (date) => {
			this.#entries = store.entries(date);
			this.#stops = store.stops(date);
			this.#stays.clear();
			this.#readDelays();
		});
	}

	/** What is known of a visit of today; undefined when nothing is. */
	entry(visit: number): LedgerEntry | undefined {
		return this.#entries.get(visit);
	}

	entries(): readonly LedgerEntry[] {
		return [...this.#entries.values()];
	}

	/** When a van came to a stop of today and left it, service time. */
	times(vehicle: VehicleId, stop: PlannedStop): StopTimes {
		return this.#stops.get(stopName(vehicle, nameOf(stop))) ?? { arrived: null, left: null };
	}

	/** Minutes that a crew said it is later than it looks. */
	delay(vehicle: VehicleId): number {
		return this.#delays.get(vehicle) ?? 0;
	}

	/** State of each visit of a plan, as far as this ledger knows. */
	states(plan: PublishedPlan | null): { visit: number; state: VisitState }[] {
		const visits = (plan?.routes ?? []).flatMap(({ stops }) => stops.flatMap((stop) => stop.visits));
		return visits.map(({ visit }) => ({ visit, state: this.#entries.get(visit)?.state ?? 'planned' }));
	}

	/**
	 * Takes over what a crew tells, or a dispatcher for it.
	 * @throws FleetServerError `unfit` for what cannot be of this van's day, naming the cause
	 */
	report(vehicle: VehicleId, report: CrewReport, by: string, source: 'crew' | 'dispatcher'): void {
		const { store, publications, clock } = this.#options;
		const now = clock.now();
		if (report.time > now + AHEAD_MS)
			throw new FleetServerError('unfit', '`time` lies in the future; is the clock of the tablet right?');
		const date = publications.dateOf(report.time);
		if (date < publications.today && publications.planOf(date)) {
			this.#late(date, vehicle, report, by, source);
			return;
		}
		const { route, stop, index } = this.#placeOf(vehicle, report);
		if (report.time < route.stops[0]!.arrival - 24 * 3_600_000) throw new FleetServerError('unfit', '`time` is not of this day');
		const time = Math.round(Math.min(report.time, now));
		store.addReport(publications.today, vehicle, report, Math.round(now), by);
		const { state } = report;
		if (state === 'delayed') this.#delays.set(vehicle, report.minutes!);
		else {
			// Who begins or ends a visit is at its stop.
			if (index !== null) publications.report(vehicle, index, state !== 'departed', time);
			if (state === 'arrived' || state === 'departed') this.#toldTimes(vehicle, stop, state, time);
			else this.#visit(vehicle, report, time, source);
		}
		this.emit('vehicle', vehicle);
	}

	/**
	 * A position that came late, by service time: a van that was without signal at a stop tells afterwards that it stood there. Live
	 * positions are followed as they come (`publications.ts`).
	 */
	lateFix(vehicle: VehicleId, fix: Pick<PositionRecord, 'time' | 'lat' | 'lon' | 'speed'>): void {
		const route = this.#options.publications.current()?.routes.find((one) => one.vehicle === vehicle);
		if (!route) return;
		for (const stop of route.stops.slice(0, route.next)) {
			const known = stop.visits.map(({ visit }) => this.#entries.get(visit));
			if (known.every((entry) => !isOpen(entry) && entry?.source !== 'position') || !standsAt(stop, fix)) continue;
			const name = stopName(vehicle, nameOf(stop));
			const { from, to } = this.#stays.get(name) ?? { from: fix.time, to: fix.time };
			const stay = { from: Math.min(from, fix.time), to: Math.max(to, fix.time) };
			this.#stays.set(name, stay);
			const { arrived, left } = this.times(vehicle, stop);
			if (arrived === null || left === null) this.#stopTimes(vehicle, stop, { arrived: arrived ?? stay.from, left });
			this.#left(route, stop, stay.to);
			// It stayed on after what was enough to say that its visits were made.
			for (const entry of known) {
				const longer = entry?.source === 'position' && entry.state === 'done' && entry.ended !== null && entry.ended < stay.to;
				if (longer) this.#keep({ ...entry, ended: stay.to });
			}
		}
	}

	/** A visit that was not done is to be made after all: what is known of it was of another try. */
	tryAgain(visit: number): void {
		if (this.#entries.get(visit)?.state === 'not-done') this.#remove(visit);
	}

	/** Ends the days that are over. Returns the visits of which nothing was known. */
	settle(): { date: CalendarDate; vehicle: VehicleId; visit: number }[] {
		const { store, publications, log } = this.#options;
		const left: { date: CalendarDate; vehicle: VehicleId; visit: number }[] = [];
		for (const date of store.unsettled(publications.today)) {
			const known = store.entries(date);
			for (const { vehicle, stops } of publications.planOf(date)?.routes ?? []) {
				for (const { visit } of stops.flatMap(({ visits }) => visits)) {
					const entry = known.get(visit);
					if (entry?.state === 'done' || entry?.state === 'not-done') continue;
					const { began, ended, source } = entry ?? { began: null, ended: null, source: 'dispatcher' as const };
					const closed: LedgerEntry = { visit, vehicle, state: 'not-done', reason: 'other', began, ended, source };
					store.save(date, closed);
					left.push({ date, vehicle, visit });
					this.emit('visit', visit, closed, date, undefined);
				}
			}
			store.settled(date);
			log.info({ date, open: left.length }, 'a day has ended');
		}
		return left;
	}

	/** What a crew tells of a day that is over: it was without signal until now. It goes before the guess at the day's end. */
	#late(date: CalendarDate, vehicle: VehicleId, report: CrewReport, by: string, source: 'crew' | 'dispatcher'): void {
		const { store, publications, clock } = this.#options;
		const { visit, revision, state, note, time } = report;
		if (visit === undefined) {
			store.addReport(date, vehicle, report, Math.round(clock.now()), by);
			return;
		}
		const known = [
			publications.planOf(date)?.routes.find((one) => one.vehicle === vehicle),
			this.#routeAt(date, vehicle, revision),
		];
		if (!known.some((route) => route && hasVisit(route, visit)))
			throw new FleetServerError('unfit', `visit ${visit} was not on the route of ${vehicle} on ${date}`);
		store.addReport(date, vehicle, report, Math.round(clock.now()), by);
		const before = store.entries(date).get(visit);
		const isOver = before?.state === 'done' || before?.state === 'not-done';
		const entry: LedgerEntry =
			state === 'started' && isOver
				? { ...before, began: before.began ?? time }
				: entryOf(before, { vehicle, report, visit, source, time });
		store.save(date, entry);
		this.emit('visit', visit, entry, date, note);
	}

	#routeAt(date: CalendarDate, vehicle: VehicleId, revision: number | undefined): PlannedRoute | null {
		return revision === undefined ? null : this.#options.publications.routeAt(date, vehicle, revision);
	}

	/** Route and stop that a report is about; `index` is null for a stop that the plan has no longer. */
	#placeOf(vehicle: VehicleId, { state, stop, visit, revision }: CrewReport) {
		const { publications } = this.#options;
		const routes = publications.current()?.routes ?? [];
		const route = routes.find((one) => one.vehicle === vehicle);
		if (visit !== undefined) {
			const index = route?.stops.findIndex(({ visits }) => visits.some((one) => one.visit === visit)) ?? -1;
			if (route && index >= 0) return { route, stop: route.stops[index]!, index };
			// The crew made it before it heard that another van was to come: what was done was done.
			const then = this.#routeAt(publications.today, vehicle, revision);
			const stopThen = then?.stops.find(({ visits }) => visits.some((one) => one.visit === visit));
			if (then && stopThen) return { route: then, stop: stopThen, index: null };
		}
		if (!route) throw new FleetServerError('unfit', `${vehicle} has no route today`);
		if (visit !== undefined) {
			const other = routes.find(({ stops }) => stops.some(({ visits }) => visits.some((one) => one.visit === visit)));
			const where = other ? `it is on that of ${other.vehicle}` : 'it is in no route of today';
			throw new FleetServerError('unfit', `visit ${visit} is not on the route of ${vehicle}: ${where}`);
		}
		const index = stop ?? (state === 'arrived' && route.reached ? route.next + 1 : route.next);
		// A van that has not heard of the newest plan counts in the stops of the one that it has.
		const { today } = publications;
		const isOld = stop !== undefined && revision !== undefined && revision !== publications.current()?.revision;
		const same = revision === publications.manifest(today, vehicle)?.revision ? route : null;
		const counted = isOld ? (publications.routeAt(today, vehicle, revision) ?? same) : route;
		const place = counted?.stops[index];
		if (!counted || !place) {
			const stops = counted
				? `has the stops 0 to ${counted.stops.length - 1}, there is no ${index}`
				: `of plan ${revision} is not known`;
			throw new FleetServerError('unfit', `the route of ${vehicle} ${stops}`);
		}
		if (!isOld) return { route, stop: place, index };
		const now = route.stops.findIndex((one) => nameOf(one) === nameOf(place));
		return { route, stop: place, index: now < 0 ? null : now };
	}

	/** What a crew tells of when it came or left goes before what positions let one think; it may be told late. */
	#toldTimes(vehicle: VehicleId, stop: PlannedStop, state: 'arrived' | 'departed', time: number): void {
		const { arrived, left } = this.times(vehicle, stop);
		if (state === 'arrived') this.#delays.delete(vehicle);
		this.#stopTimes(vehicle, stop, state === 'arrived' ? { arrived: time, left } : { arrived, left: time });
	}

	#visit(vehicle: VehicleId, report: CrewReport, time: number, source: 'crew' | 'dispatcher'): void {
		const visit = report.visit!;
		const before = this.#entries.get(visit);
		// Told twice, or told late that it began: what is known already stays.
		if (report.state === 'started' && (before?.state === 'done' || before?.state === 'not-done')) return;
		this.#keep(entryOf(before, { vehicle, report, visit, source, time }), report.note);
	}

	#moved({ vehicle, next, reached }: RouteProgress, before: RouteProgress, time: number, share: number): void {
		const route = this.#options.publications.current()?.routes.find((one) => one.vehicle === vehicle);
		if (!route) return;
		if (before.reached && next > before.next) {
			// The first word after it left may come late: the drive that lies behind it tells when that was.
			const ways = route.stops.slice(before.next + 1, next + 1).map(({ way }) => (way?.duration ?? 0) * 1000);
			const driven = ways.reduce((sum, way, at) => sum + (at === ways.length - 1 ? share * way : way), 0);
			const { arrived } = this.times(vehicle, route.stops[before.next]!);
			this.#left(route, route.stops[before.next]!, Math.round(Math.max(arrived ?? 0, time - driven)));
		}
		// Rests and visits at one place follow one another without a drive.
		for (let at = before.next + 1; at < next; at++) if (route.stops[at]!.way === null) this.#left(route, route.stops[at]!, time);
		if (reached && !(before.reached && before.next === next)) this.#arrived(route, route.stops[next]!, time);
		this.emit('vehicle', vehicle);
	}

	#arrived(route: PlannedRoute, stop: PlannedStop, time: number): void {
		const { vehicle } = route;
		this.#delays.delete(vehicle);
		if (this.times(vehicle, stop).arrived === null) this.#stopTimes(vehicle, stop, { arrived: time, left: null });
		const first = stop.visits.find(({ visit }) => !this.#entries.has(visit) && !this.#options.isCancelled(visit));
		if (first && stop.visits.every(({ visit }) => this.#entries.get(visit)?.state !== 'under-way')) {
			const began = Math.max(time, Math.min(first.from, this.#options.clock.now()));
			this.#keep({ visit: first.visit, vehicle, state: 'under-way', reason: null, began, ended: null, source: 'position' });
		}
	}

	#left({ vehicle }: PlannedRoute, stop: PlannedStop, time: number): void {
		const { arrived } = this.times(vehicle, stop);
		this.#stopTimes(vehicle, stop, { arrived, left: time });
		const { isCancelled } = this.#options;
		const open = stop.visits.filter(({ visit }) => isOpen(this.#entries.get(visit)) && !isCancelled(visit));
		if (arrived === null || open.length === 0) return;
		const told = stop.visits.flatMap(({ visit }) => this.#entries.get(visit)?.ended ?? []);
		const began = Math.max(arrived, ...told);
		if (time - began < ENOUGH_STAY * open.reduce((sum, visit) => sum + lengthOf(visit), 0)) {
			// It left too soon: what became of them is not known until somebody tells.
			for (const { visit } of open) if (this.#entries.get(visit)?.source === 'position') this.#remove(visit);
			return;
		}
		for (const { visit } of open) {
			const own = this.#entries.get(visit)?.began ?? began;
			this.#keep({ visit, vehicle, state: 'done', reason: null, began: own, ended: time, source: 'position' });
		}
	}

	#keep(entry: LedgerEntry, note?: string): void {
		const { store, publications, log } = this.#options;
		this.#entries.set(entry.visit, entry);
		try {
			store.save(publications.today, entry);
		} catch (error) {
			log.error({ visit: entry.visit, reason: messageOf(error) }, 'what became of a visit could not be written');
		}
		this.emit('visit', entry.visit, entry, publications.today, note);
	}

	#remove(visit: number): void {
		const { store, publications } = this.#options;
		this.#entries.delete(visit);
		store.remove(publications.today, visit);
		this.emit('visit', visit, null, publications.today, undefined);
	}

	#stopTimes(vehicle: VehicleId, stop: PlannedStop, times: StopTimes): void {
		const { store, publications, log } = this.#options;
		this.#stops.set(stopName(vehicle, nameOf(stop)), times);
		try {
			store.saveStop(publications.today, vehicle, nameOf(stop), times);
		} catch (error) {
			log.error({ vehicle, reason: messageOf(error) }, 'when a van came to a stop could not be written');
		}
	}

	#readDelays(): void {
		const { store, publications } = this.#options;
		this.#delays = new Map();
		for (const { vehicle, stops } of publications.current()?.routes ?? []) {
			const delay = store.delay(publications.today, vehicle);
			const arrived = Math.max(0, ...stops.map((stop) => this.times(vehicle, stop).arrived ?? 0));
			if (delay !== null && delay.time > arrived) this.#delays.set(vehicle, delay.minutes);
		}
	}
}

const hasVisit = ({ stops }: PlannedRoute, visit: number): boolean =>
	stops.some(({ visits }) => visits.some((one) => one.visit === visit));

interface Told {
	readonly vehicle: VehicleId;
	readonly report: CrewReport;
	readonly visit: number;
	readonly source: 'crew' | 'dispatcher';
	readonly time: number;
}

/** What is known of a visit once its crew has told of it. */
function entryOf(before: LedgerEntry | undefined, { vehicle, report: { state, reason }, visit, source, time }: Told): LedgerEntry {
	const known = before?.source === 'position' && state === 'started' ? null : (before?.began ?? null);
	const began = state === 'started' ? (known ?? time) : known;
	return {
		visit,
		vehicle,
		state: state === 'started' ? 'under-way' : (state as 'done' | 'not-done'),
		reason: state === 'not-done' ? (reason ?? 'other') : null,
		began: began === null ? null : Math.min(began, time),
		ended: state === 'started' ? null : time,
		source,
	};
}

const lengthOf = ({ from, to }: PlannedVisit): number => to - from;
const isOpen = (entry: LedgerEntry | undefined): boolean => entry === undefined || entry.state === 'under-way';
