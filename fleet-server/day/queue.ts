/** The doctors' queues: to each doctor the own consults of today, as they come to stand, and word when they do so otherwise. */
import { EventEmitter } from 'node:events';
import type { ConsultEstimate, DayBoard, DoctorQueue, Patient, PlannedStop, PlannedVisit, QueueConsult } from '@junkai/contracts';
import type { Logger } from 'pino';
import { messageOf } from '../errors.ts';
import { ageOn } from '../paper/persons.ts';
import type { RecordChange, Records } from '../registry/index.ts';
import type { Day } from './day.ts';
import type { Publications } from './publications.ts';

export interface DoctorQueuesOptions {
	day: Day;
	publications: Publications;
	records: Records;
	log: Logger;
	/** So long, ms, a doctor hears nothing after having been told; then once for all that happened meanwhile. */
	pause?: number;
}

const PAUSE_MS = 5000;

interface Planned {
	readonly vehicle: string;
	readonly stop: PlannedStop;
	readonly visit: PlannedVisit;
	readonly consult: NonNullable<PlannedVisit['consult']>;
}

/** Emits the name of a user whose queue has changed. */
export class DoctorQueues extends EventEmitter<{ change: [user: string] }> {
	readonly #options: DoctorQueuesOptions;
	/** Who signs in for which doctor. */
	#users = new Map<number, string>();
	/** Doctors who were told a short while ago; true: something has happened since. */
	readonly #told = new Map<string, { again: boolean; timer: NodeJS.Timeout }>();
	/** What is asked of the records, one after the other. */
	#work: Promise<void> = Promise.resolve();
	#stopped = false;

	constructor(options: DoctorQueuesOptions) {
		super();
		this.#options = options;
		const { day, publications, records } = options;
		this.#do(() => this.#readUsers());
		// Another plan, or none: everybody's day is another one.
		publications.on('plan', () => this.#tell(this.#users.keys()));
		publications.on('day', () => this.#tell(this.#users.keys()));
		day.on('estimate', ({ consults }) => this.#tell(consults.map(({ doctor }) => doctor)));
		day.on('visit', (visit) => this.#tellOf(new Set([visit])));
		records.on('change', (changes) => this.#do(() => this.#changed(changes)));
	}

	/** The queue of a user. Empty, without a doctor, when no record of a doctor names this user. */
	async of(user: string): Promise<DoctorQueue> {
		const { day, records } = this.#options;
		const doctor = await records.doctors.byUser(user);
		const board = day.board();
		const { date, plan, publication } = board;
		const own = doctor === null ? [] : consultsOf(plan).filter(({ consult }) => consult.doctor === doctor.id);
		return {
			date,
			doctor: doctor && { id: doctor.id, name: doctor.name },
			revision: plan?.revision ?? null,
			published: plan?.published ?? null,
			by: publication?.by ?? null,
			consults: await this.#consults(own, board),
		};
	}

	/** Settles when all changes of records were looked at; tells nothing more. */
	async stop(): Promise<void> {
		this.#stopped = true;
		for (const { timer } of this.#told.values()) clearTimeout(timer);
		this.#told.clear();
		await this.#work;
	}

	async #consults(own: readonly Planned[], { date, estimates, visits: states }: DayBoard): Promise<QueueConsult[]> {
		const { records } = this.#options;
		if (own.length === 0) return [];
		const visits = new Map((await records.visits.find(own.map(({ visit }) => visit.visit))).map((one) => [one.id, one]));
		const patients = await records.patients.find([...visits.values()].map(({ patient }) => patient));
		const patientOf = new Map(patients.map((one) => [one.id, one]));
		const names = new Map((await records.fleet.all()).map(({ vehicle, name }) => [vehicle, name]));
		const stateOf = new Map(states.map(({ visit, state }) => [visit, state]));
		const reckoned = new Map(estimates.flatMap(({ consults }) => consults.map((one) => [one.visit, one] as const)));
		const rows = own.map(({ vehicle, stop, visit: { visit, need }, consult }): QueueConsult => {
			const record = visits.get(visit);
			const patient = record && patientOf.get(record.patient);
			const estimate = reckoned.get(visit);
			const state = stateOf.get(visit) ?? 'planned';
			return {
				visit,
				patient: patient ? personOf(patient, date) : null,
				need,
				vehicle: { id: vehicle, name: names.get(vehicle) ?? vehicle },
				place: stop.name,
				municipality: stop.municipality,
				from: consult.from,
				to: consult.to,
				estimate: estimate?.doctor === consult.doctor ? withoutNames(estimate) : null,
				// Called off a moment ago: the day hears of it a little later than the records.
				state: record?.state === 'cancelled' && state !== 'done' ? 'cancelled' : state,
			};
		});
		return rows.toSorted((a, b) => a.from - b.from || a.visit - b.visit);
	}

	async #changed(changes: readonly RecordChange[]): Promise<void> {
		const { records, publications } = this.#options;
		const of = (kind: RecordChange['kind']) => new Set(changes.flatMap((change) => (change.kind === kind ? change.id : [])));
		if (of('doctor').size > 0) {
			const before = new Map(this.#users);
			await this.#readUsers();
			// Whose name went from one record to another has another queue under either.
			for (const user of new Set([...before.values(), ...this.#users.values()])) this.#tellUser(user);
			return;
		}
		if (of('fleet-vehicle').size > 0) {
			this.#tell(this.#users.keys());
			return;
		}
		const visits = of('visit');
		const patients = of('patient');
		if (patients.size > 0) {
			const planned = consultsOf(publications.current()).map(({ visit }) => visit.visit);
			for (const { id, patient } of await records.visits.find(planned)) if (patients.has(patient)) visits.add(id);
		}
		this.#tellOf(visits);
	}

	async #readUsers(): Promise<void> {
		const doctors = await this.#options.records.doctors.all();
		this.#users = new Map(doctors.flatMap(({ id, user }) => (user === null ? [] : [[id, user] as const])));
	}

	/** Tells whose consults belong to some of these visits. */
	#tellOf(visits: ReadonlySet<number>): void {
		if (visits.size === 0) return;
		const own = consultsOf(this.#options.publications.current()).filter(({ visit }) => visits.has(visit.visit));
		this.#tell(own.map(({ consult }) => consult.doctor));
	}

	#tell(doctors: Iterable<number>): void {
		for (const doctor of new Set(doctors)) {
			const user = this.#users.get(doctor);
			if (user !== undefined) this.#tellUser(user);
		}
	}

	#tellUser(user: string): void {
		if (this.#stopped) return;
		const told = this.#told.get(user);
		if (told) {
			told.again = true;
			return;
		}
		const timer = setTimeout(() => {
			const again = this.#told.get(user)?.again === true;
			this.#told.delete(user);
			if (again) this.#tellUser(user);
		}, this.#options.pause ?? PAUSE_MS);
		timer.unref();
		this.#told.set(user, { again: false, timer });
		this.emit('change', user);
	}

	#do(step: () => Promise<void>): void {
		if (this.#stopped) return;
		this.#work = this.#work.then(step).catch((error: unknown) => {
			this.#options.log.error({ reason: messageOf(error) }, 'the doctors could not be told of a change of the records');
		});
	}
}

/** Every consult of a plan. */
function consultsOf(plan: DayBoard['plan']): Planned[] {
	return (plan?.routes ?? []).flatMap(({ vehicle, stops }) =>
		stops.flatMap((stop) =>
			stop.visits.flatMap((visit) => (visit.consult === null ? [] : [{ vehicle, stop, visit, consult: visit.consult }])),
		),
	);
}

const personOf = ({ id, name, kana, sex, birthDate }: Patient, date: string): NonNullable<QueueConsult['patient']> => ({
	id,
	name,
	kana,
	sex,
	age: ageOn(date, birthDate),
});

const withoutNames = ({
	eta,
	low,
	high,
	doctorWait,
	patientWait,
	state,
}: ConsultEstimate): NonNullable<QueueConsult['estimate']> => ({ eta, low, high, doctorWait, patientWait, state });
