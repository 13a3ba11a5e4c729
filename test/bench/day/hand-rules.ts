/**
 * What a good dispatcher does without a planner that knows doctors, as a simulation in the order of time. Two ways: `nearestFirst`
 * sends each van to the visit that it can begin soonest, and the first free doctor joins who has the specialty; `followRoutes`
 * keeps to routes that were made without doctors. Either way the patient waits with the nurse until the doctor is free.
 *
 * Hard for both: skills, roads, the crew's shift and rest, doctors' hours, coverage, and that the van arrives within the
 * patient's window. Softer than for the planner: the wait for the doctor may carry the visit past its window.
 */
import { NO_WAY, type PlanProblem, type PlanSolution, type PlanStep } from '@junkai/contracts';

type Job = NonNullable<PlanProblem['jobs']>[number];
type Vehicle = PlanProblem['vehicles'][number];
type Doctor = NonNullable<PlanProblem['doctors']>[number];

/** Visits in the order in which a van is to make them, by its id. */
export type Sequences = ReadonlyMap<number, readonly number[]>;

export const nearestFirst = (problem: PlanProblem): PlanSolution => new Dispatcher(problem, null).run();
export const followRoutes = (problem: PlanProblem, sequences: Sequences): PlanSolution => new Dispatcher(problem, sequences).run();

interface Van {
	readonly vehicle: Vehicle;
	readonly end: number;
	readonly lunch: { readonly from: number; readonly to: number; readonly seconds: number; readonly id: number } | null;
	at: number;
	time: number;
	travelled: number;
	metres: number;
	rested: boolean;
	/** Where it drives now. */
	target: Chance | null;
	home: boolean;
	readonly steps: PlanStep[];
}

interface Chance {
	readonly job: Job;
	readonly place: number;
	readonly travel: number;
	readonly arrival: number;
	readonly begin: number;
	readonly end: number;
}

const zero = { setup: 0, service: 0, waiting_time: 0, violations: [] };
const serviceOf = ({ consult, service = 0 }: Job): number =>
	consult ? consult.preparation + consult.duration + consult.rest : service;
/** Without signal at home the patient comes to the nearest covered place. */
const placeOf = (job: Job): number | undefined =>
	job.consult && job.signal === false ? job.meeting_points?.[0]?.location_index : job.location_index;

class Dispatcher {
	readonly #problem: PlanProblem;
	readonly #open: Map<number, Job>;
	readonly #left = new Set<number>();
	readonly #vans: Van[];
	readonly #busyUntil = new Map<number, number>();
	readonly #queues: Map<number, number[]> | null;

	constructor(problem: PlanProblem, sequences: Sequences | null) {
		this.#problem = problem;
		this.#open = new Map((problem.jobs ?? []).map((job) => [job.id, job]));
		this.#queues = sequences && new Map([...sequences].map(([id, jobs]) => [id, [...jobs]]));
		this.#vans = problem.vehicles.map((vehicle) => {
			const [start, end] = vehicle.time_window!;
			const [pause] = vehicle.breaks ?? [];
			const window = pause?.time_windows?.[0];
			const lunch = pause && window ? { from: window[0], to: window[1], seconds: pause.service ?? 0, id: pause.id } : null;
			const at = vehicle.start_index!;
			const steps: PlanStep[] = [{ type: 'start', location_index: at, arrival: start, duration: 0, distance: 0, ...zero }];
			const empty = { travelled: 0, metres: 0, rested: lunch === null, target: null, home: false };
			return { vehicle, end, lunch, at, time: start, steps, ...empty };
		});
	}

	/** Always the van goes on whose clock is behind: so doctors are given out in the order in which vans arrive. */
	run(): PlanSolution {
		for (;;) {
			const [van] = this.#vans.filter(({ home }) => !home).toSorted((a, b) => a.time - b.time || a.vehicle.id - b.vehicle.id);
			if (!van) break;
			if (van.target) this.#arrive(van, van.target);
			else this.#decide(van);
		}
		const routes = this.#vans.filter(({ steps }) => steps.some(({ type }) => type === 'job'));
		const left = [...this.#open.keys(), ...this.#left].toSorted((a, b) => a - b);
		return {
			code: 0,
			unassigned: left.map((id) => ({ id, type: 'job' as const })),
			routes: routes.map(({ vehicle, steps, travelled, metres }) => ({
				vehicle: vehicle.id,
				steps,
				cost: 0,
				setup: 0,
				service: steps.reduce((sum, step) => sum + step.service, 0),
				duration: travelled,
				waiting_time: steps.reduce((sum, step) => sum + step.waiting_time, 0),
				priority: 0,
				distance: metres,
				violations: [],
			})),
		};
	}

	#decide(van: Van): void {
		const chance = this.#queues ? this.#inOrder(van, this.#queues.get(van.vehicle.id) ?? []) : this.#soonest(van);
		const { lunch } = van;
		if (lunch && !van.rested && (van.time >= lunch.from || !chance)) return this.#rest(van, lunch);
		if (!chance) return this.#goHome(van);
		this.#drive(van, chance.place, chance.travel);
		this.#open.delete(chance.job.id);
		van.target = chance;
		van.time = chance.begin;
	}

	/** The visit that can begin soonest: the nearest one, unless its patient is not ready. */
	#soonest(van: Van): Chance | null {
		let best: Chance | null = null;
		for (const job of this.#open.values()) {
			const chance = this.#chance(van, job);
			if (chance && (!best || chance.begin < best.begin || (chance.begin === best.begin && chance.travel < best.travel)))
				best = chance;
		}
		return best;
	}

	/** The next of the van's own visits that is still possible; what is not is left out before anyone drives there. */
	#inOrder(van: Van, queue: number[]): Chance | null {
		for (let id = queue[0]; id !== undefined; id = queue[0]) {
			const job = this.#open.get(id);
			const chance = job && this.#chance(van, job);
			if (chance) return chance;
			// After the rest it may still be: the rest comes first then.
			const { lunch } = van;
			const rested = lunch && !van.rested ? { ...van, rested: true, time: Math.max(van.time, lunch.from) + lunch.seconds } : null;
			if (job && rested && this.#chance(rested, job)) return null;
			queue.shift();
			if (job) {
				this.#open.delete(id);
				this.#left.add(id);
			}
		}
		return null;
	}

	/** Whether and when a van could make a visit, with the doctors as they are booked now. */
	#chance(van: Van, job: Job): Chance | null {
		const place = placeOf(job);
		if (place === undefined || !(job.skills ?? []).every((skill) => van.vehicle.skills?.includes(skill))) return null;
		const travel = this.#durations(van.vehicle)[van.at]![place]!;
		const back = this.#durations(van.vehicle)[place]![van.vehicle.end_index!]!;
		if (travel === NO_WAY || back === NO_WAY) return null;
		const [from, to] = job.time_windows?.[0] ?? [0, Infinity];
		const arrival = van.time + travel;
		if (arrival > to) return null;
		const begin = Math.max(arrival, from);
		const start = job.consult ? this.#firstFree(job.consult, begin)?.start : begin;
		if (start === undefined) return null;
		const end = (job.consult ? start - job.consult.preparation : begin) + serviceOf(job);
		if (van.lunch && !van.rested && end > van.lunch.to) return null;
		const rest = van.rested || !van.lunch ? 0 : van.lunch.seconds;
		return end + back + rest > van.end ? null : { job, place, travel, arrival, begin, end };
	}

	/** The doctor of the specialty who is free first; of two the one with fewer other uses. */
	#firstFree({ specialties = [], preparation, duration }: NonNullable<Job['consult']>, begin: number) {
		let best: { doctor: Doctor; start: number } | null = null;
		for (const doctor of this.#problem.doctors ?? []) {
			if (!specialties.every((one) => doctor.specialties?.includes(one))) continue;
			const earliest = Math.max(begin + preparation, this.#busyUntil.get(doctor.id) ?? 0);
			const window = (doctor.time_windows ?? [[0, Infinity]]).find(([from, to]) => Math.max(from, earliest) + duration <= to);
			if (!window) continue;
			const start = Math.max(window[0], earliest);
			const uses = (one: Doctor) => one.specialties?.length ?? 0;
			if (!best || start < best.start || (start === best.start && uses(doctor) < uses(best.doctor))) best = { doctor, start };
		}
		return best;
	}

	#arrive(van: Van, { job, place, arrival, begin }: Chance): void {
		van.target = null;
		const back = this.#durations(van.vehicle)[place]![van.vehicle.end_index!]!;
		const free = job.consult ? this.#firstFree(job.consult, begin) : null;
		const start = free && job.consult ? free.start - job.consult.preparation : begin;
		const end = start + serviceOf(job);
		// Others came first: no doctor has time before his hours or the crew's shift end. The visit is lost, and the way there too.
		if ((job.consult && !free) || end + back > van.end) {
			this.#left.add(job.id);
			return;
		}
		const consult =
			free && job.consult ? { doctor: free.doctor.id, start: free.start, end: free.start + job.consult.duration } : null;
		if (consult) this.#busyUntil.set(consult.doctor, consult.end);
		van.steps.push({
			type: 'job',
			id: job.id,
			location_index: place,
			arrival,
			duration: van.travelled,
			distance: van.metres,
			setup: 0,
			service: serviceOf(job),
			waiting_time: start - arrival,
			violations: [],
			...(consult ? { consult } : {}),
			...(place === job.location_index ? {} : { meeting_point: 0 }),
		});
		van.time = end;
	}

	#rest(van: Van, lunch: NonNullable<Van['lunch']>): void {
		const begin = Math.max(van.time, lunch.from);
		van.steps.push({
			type: 'break',
			id: lunch.id,
			arrival: van.time,
			duration: van.travelled,
			distance: van.metres,
			setup: 0,
			service: lunch.seconds,
			waiting_time: begin - van.time,
			violations: [],
		});
		van.time = begin + lunch.seconds;
		van.rested = true;
	}

	#goHome(van: Van): void {
		const travel = this.#durations(van.vehicle)[van.at]![van.vehicle.end_index!]!;
		this.#drive(van, van.vehicle.end_index!, travel);
		const where = { location_index: van.at, duration: van.travelled, distance: van.metres };
		van.steps.push({ type: 'end', ...where, arrival: van.time + travel, ...zero });
		van.home = true;
	}

	#drive(van: Van, to: number, travel: number): void {
		van.metres += this.#problem.matrices?.[van.vehicle.profile!]?.distances?.[van.at]?.[to] ?? 0;
		van.travelled += travel;
		van.at = to;
	}

	#durations(vehicle: Vehicle): readonly (readonly number[])[] {
		return this.#problem.matrices![vehicle.profile!]!.durations!;
	}
}
