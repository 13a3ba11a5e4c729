/**
 * Rolls a day on from where everyone is: along each route, through visits and rests, with doctors who see one patient at a time across
 * all vans. Who is ready first is seen first, nobody before the time that was planned and told to the patient.
 */
import type { ConsultEstimate, PlannedRoute, PlannedStop, PlannedVisit, StopEstimate } from '@junkai/contracts';
import type { LedgerEntry, StopTimes } from '../ledger/store.ts';
import type { Assumptions } from './assumptions.ts';
import { afterDrive, deviation, laterOf, notBefore, plus, stillToCome, sure, type Moment } from './moment.ts';

/** How a van stands. Service time, ms. */
export interface VanNow {
	readonly route: PlannedRoute;
	/** While it drives: when it will be at the next stop, from what is known of it. */
	readonly arrival: Moment | null;
	/** What its crew said that it will be later, ms. */
	readonly delay: number;
	readonly times: (stop: PlannedStop) => StopTimes;
	/** Drive to a stop, ms, where it is another one than planned: a road is closed. */
	readonly drive: (index: number) => number | undefined;
}

export interface Rolled {
	readonly stops: StopEstimate[];
	readonly consults: ConsultEstimate[];
}

export interface RollOptions {
	readonly now: number;
	readonly entry: (visit: number) => LedgerEntry | undefined;
	/** Called off: nobody waits for the van. */
	readonly isCancelled: (visit: number) => boolean;
	readonly assumed: Assumptions;
}

/** Where each van comes when, in the order of `vans`. */
export function roll(vans: readonly VanNow[], options: RollOptions): Rolled[] {
	const doctors = new Map<number, Moment>();
	const rolls = vans.map((van) => new VanRoll(van, options));
	for (const one of rolls) one.advance();
	for (;;) {
		let first: VanRoll | undefined;
		for (const one of rolls) if (one.ready && (!first || one.ready.mean < first.ready!.mean)) first = one;
		if (!first) return rolls.map(({ stops, consults }) => ({ stops, consults }));
		first.consult(doctors);
		first.advance();
	}
}

const SECOND = 1000;

class VanRoll {
	readonly stops: StopEstimate[] = [];
	readonly consults: ConsultEstimate[] = [];
	/** When the next patient could see the doctor; null: no consult is left. */
	ready: Moment | null = null;
	readonly #van: VanNow;
	readonly #options: RollOptions;
	/** When the van is free for what comes next. */
	#free: Moment;
	#stop: number;
	#visit = 0;
	#eta: Moment;
	/** When the patient is prepared. */
	#prepared: Moment = sure(0);
	readonly #together: number;

	constructor(van: VanNow, options: RollOptions) {
		this.#van = van;
		this.#options = options;
		this.#together = options.assumed.driveTogether;
		const { stops, next, reached } = van.route;
		for (let at = 0; at < next; at++) this.#past(at);
		this.#stop = next;
		const arrived = van.times(stops[next]!).arrived;
		this.#eta = reached
			? sure(arrived ?? Math.min(stops[next]!.arrival, options.now))
			: (van.arrival ?? sure(stops[next]!.arrival));
		this.#free = this.#eta;
	}

	/** On to the next consult, or to the end. */
	advance(): void {
		const { stops } = this.#van.route;
		this.ready = null;
		while (this.#stop < stops.length) {
			const stop = stops[this.#stop]!;
			while (this.#visit < stop.visits.length) {
				if (this.#begin(stop.visits[this.#visit]!)) return;
				this.#visit++;
			}
			this.#leave(stop);
		}
	}

	/** The doctor comes as soon as both are ready. */
	consult(doctors: Map<number, Moment>): void {
		const visit = this.#van.route.stops[this.#stop]!.visits[this.#visit]!;
		const { now, assumed } = this.#options;
		const { doctor, from, to } = visit.consult!;
		const free = doctors.get(doctor);
		const start = free ? laterOf(this.ready!, free, this.#together) : this.ready!;
		const length = to - from;
		const end = plus(start, length, assumed.service * length);
		doctors.set(doctor, end);
		const after = visit.to - to;
		const began = start.mean <= now && this.#isUnderWay(visit);
		this.consults.push({
			visit: visit.visit,
			doctor,
			planned: from,
			...this.#bounds(start, began ? 0 : now),
			// Until the patient is ready the doctor, free by then, waits from the time that was planned.
			doctorWait: seconds(Math.max(0, start.mean - Math.max(from, free?.mean ?? from))),
			patientWait: seconds(Math.max(0, start.mean - this.#prepared.mean)),
			state: began ? 'now' : 'later',
		});
		this.#free = this.#over(visit, plus(end, after, assumed.service * after));
		this.#visit++;
	}

	/** True when the visit waits for its doctor. */
	#begin(visit: PlannedVisit): boolean {
		const { assumed } = this.#options;
		const entry = this.#options.entry(visit.visit);
		if (entry?.state === 'done' || entry?.state === 'not-done' || this.#options.isCancelled(visit.visit)) {
			this.#pastConsult(visit, entry);
			if (entry && entry.ended !== null) this.#free = sure(Math.max(entry.ended, this.#eta.mean));
			return false;
		}
		const start = this.#isUnderWay(visit) ? sure(entry!.began!) : notBefore(this.#free, visit.from, this.#together);
		if (visit.consult === null) {
			const length = visit.to - visit.from;
			this.#free = this.#over(visit, plus(start, length, assumed.service * length));
			return false;
		}
		const before = visit.consult.from - visit.from;
		// The plan may let a prepared patient wait for the doctor: preparing takes no longer for that.
		this.#prepared = plus(start, before, assumed.service * before);
		this.ready = notBefore(this.#prepared, visit.consult.from, this.#together);
		return true;
	}

	#isUnderWay({ visit }: PlannedVisit): boolean {
		const entry = this.#options.entry(visit);
		return entry?.state === 'under-way' && entry.began !== null;
	}

	/** The end of a visit; of one that is under way it is known that it has not ended. */
	#over(visit: PlannedVisit, end: Moment): Moment {
		return this.#isUnderWay(visit) ? stillToCome(end, this.#options.now, this.#together) : end;
	}

	/** Ends a stop and drives on. */
	#leave(stop: PlannedStop): void {
		const { stops, next, reached } = this.#van.route;
		const { assumed, now } = this.#options;
		const isHere = this.#stop === next && reached;
		let departure = this.#restedOrStarted(stop);
		if (isHere && stop.kind !== 'end') departure = stillToCome(this.#delayed(departure), now, this.#together);
		this.stops.push({
			stop: this.#stop,
			state: isHere ? 'here' : this.#stop === next + (reached ? 1 : 0) ? 'next' : 'later',
			...this.#bounds(this.#eta, isHere ? 0 : now),
			late: seconds(this.#eta.mean - stop.arrival),
			departure: Math.round(departure.mean),
		});
		this.#stop++;
		this.#visit = 0;
		const following = stops[this.#stop];
		if (!following) return;
		const drive = this.#van.drive(this.#stop) ?? (following.way?.duration ?? 0) * SECOND;
		this.#eta =
			drive === 0 ? departure : plus(afterDrive(departure, drive, assumed.driveAlone), 0, assumed.arrivalSeconds * SECOND);
		this.#free = this.#eta;
	}

	#restedOrStarted(stop: PlannedStop): Moment {
		const { assumed, now } = this.#options;
		const isHere = this.#stop === this.#van.route.next && this.#van.route.reached;
		switch (stop.kind) {
			case 'start': {
				const overdue = Math.max(0, now - stop.departure);
				return plus(
					sure(Math.max(stop.departure, isHere ? 0 : this.#eta.mean)),
					0,
					assumed.startSeconds * SECOND + assumed.overdue * overdue,
				);
			}
			case 'break':
				return plus(this.#free, stop.departure - stop.arrival, assumed.restSeconds * SECOND);
			case 'visits':
				return plus(this.#free, 0, assumed.leaveSeconds * SECOND);
			case 'end':
				return this.#eta;
		}
	}

	#delayed(departure: Moment): Moment {
		const { delay } = this.#van;
		return delay === 0 ? departure : plus(departure, delay, this.#options.assumed.toldDelay * delay);
	}

	/** A stop that was left. */
	#past(index: number): void {
		const stop = this.#van.route.stops[index]!;
		const { arrived, left } = this.#van.times(stop);
		const eta = Math.round(arrived ?? stop.arrival);
		const departure = Math.round(left ?? stop.departure);
		this.stops.push({ stop: index, state: 'done', eta, low: eta, high: eta, late: seconds(eta - stop.arrival), departure });
		for (const visit of stop.visits) this.#pastConsult(visit, this.#options.entry(visit.visit));
	}

	#pastConsult({ visit, from, consult }: PlannedVisit, entry: LedgerEntry | undefined): void {
		if (!consult) return;
		const { doctor, from: planned } = consult;
		const wasDone = entry?.state === 'done';
		// When the doctor joined is not told; the visit's own times bound it.
		const began = entry?.began ?? from;
		const eta = wasDone ? Math.round(Math.min(Math.max(planned, began + planned - from), entry.ended ?? Infinity)) : planned;
		this.consults.push({
			visit,
			doctor,
			planned,
			eta,
			low: eta,
			high: eta,
			doctorWait: 0,
			patientWait: 0,
			state: wasDone ? 'done' : 'off',
		});
	}

	/** Nine chances of ten, and not before `earliest`. */
	#bounds(moment: Moment, earliest: number): { eta: number; low: number; high: number } {
		const half = this.#options.assumed.ninety * deviation(moment, this.#together);
		const eta = Math.round(Math.max(moment.mean, earliest));
		return {
			eta,
			low: Math.round(Math.min(eta, Math.max(earliest, moment.mean - half))),
			high: Math.round(Math.max(eta, moment.mean + half)),
		};
	}
}

const seconds = (ms: number): number => Math.round(ms / SECOND);
