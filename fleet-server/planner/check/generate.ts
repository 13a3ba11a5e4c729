/** Random problems for tests: each feature alone or several together, by seed. Times are small numbers of seconds. */
import { NO_WAY, planProblem, type PlanProblem, type PlanProblemInput } from '@junkai/contracts';
import type { Random } from '../random.ts';

export const features = [
	'windows',
	'breaks',
	'setup',
	'skills',
	'load',
	'shipments',
	'max_tasks',
	'max_travel_time',
	'max_distance',
	'speed',
	'costs',
	'cost_matrix',
	'open_ends',
	'types',
	'priorities',
	'no_way',
	'consult',
	'signal',
	'appointment',
	'preferred',
	'vehicles',
	'fairness',
	'pinned',
	'max_duration',
	'driving_limit',
	'trips',
	'series',
	'break_places',
] as const;
export type Feature = (typeof features)[number];

export interface Size {
	readonly jobs: number;
	readonly vehicles: number;
	readonly doctors: number;
	/** Length of the day. */
	readonly day: number;
	/** Longest leg. */
	readonly leg: number;
}

type Job = NonNullable<PlanProblemInput['jobs']>[number];
type Vehicle = PlanProblemInput['vehicles'][number];

/** A problem with these features; the same for the same state of `random`. */
export function generate(random: Random, chosen: ReadonlySet<Feature>, size: Size): PlanProblem {
	const maker = new Maker(random, chosen, size);
	return planProblem.parse(maker.problem());
}

/** Some features at once; those that do not go together (costs by the hour beside a matrix of costs) are left out. */
export function someFeatures(random: Random, count: number): Set<Feature> {
	const chosen = new Set<Feature>();
	while (chosen.size < count) chosen.add(features[random.below(features.length)] ?? 'windows');
	if (chosen.has('cost_matrix')) chosen.delete('costs');
	if (chosen.has('signal') || chosen.has('appointment')) chosen.add('consult');
	return chosen;
}

class Maker {
	readonly #random: Random;
	readonly #chosen: ReadonlySet<Feature>;
	readonly #size: Size;

	constructor(random: Random, chosen: ReadonlySet<Feature>, size: Size) {
		this.#random = random;
		this.#chosen = chosen;
		this.#size = size;
	}

	problem(): PlanProblemInput {
		const { jobs, vehicles, doctors, day } = this.#size;
		const shipments = this.#has('shipments') ? Math.max(1, Math.floor(jobs / 4)) : 0;
		const jobList = Array.from({ length: jobs - 2 * shipments }, (_, at) => this.#job(at + 1));
		const vehicleList = Array.from({ length: vehicles }, (_, at) => this.#vehicle(at + 1, jobList));
		return {
			jobs: jobList,
			...(shipments > 0 ? { shipments: Array.from({ length: shipments }, (_, at) => this.#shipment(at + 1)) } : {}),
			vehicles: vehicleList,
			matrices: { car: this.#matrices() },
			...(this.#has('consult')
				? {
						doctors: Array.from({ length: doctors }, (_, at) => ({
							id: at + 1,
							specialties: this.#chance(2) ? ['general', 'heart'] : ['general'],
							institution: this.#chance(2) ? 'A' : 'B',
							...(this.#chance(2) ? { time_windows: this.#windows(Math.ceil(day / 2)) } : {}),
						})),
					}
				: {}),
			...(this.#has('series') ? { series: this.#series(jobList.length) } : {}),
			...(this.#has('fairness') ? { fairness: { weight: this.#below(40), need: { a: 2 } } } : {}),
		};
	}

	#has(feature: Feature): boolean {
		return this.#chosen.has(feature);
	}

	#below(count: number): number {
		return this.#random.below(Math.max(1, count));
	}

	/** One in `count`. */
	#chance(count: number): boolean {
		return this.#below(count) === 0;
	}

	get #places(): number {
		return Math.max(4, this.#size.jobs);
	}

	#windows(length: number): [number, number][] {
		const { day } = this.#size;
		const start = this.#below(day - length);
		const end = start + length - this.#below(Math.ceil(length / 2));
		const next = end + 1 + this.#below(Math.ceil(day / 8));
		return this.#chance(3) && next < day
			? [
					[start, end],
					[next, next + this.#below(length)],
				]
			: [[start, end]];
	}

	#task(): Pick<Job, 'location_index' | 'setup' | 'service' | 'setup_per_type' | 'service_per_type' | 'time_windows'> {
		const { day } = this.#size;
		const unit = Math.max(1, Math.floor(day / 20));
		return {
			location_index: this.#below(this.#places),
			service: this.#below(2 * unit),
			...(this.#has('setup') ? { setup: this.#below(2 * unit) } : {}),
			...(this.#has('types') && this.#chance(2) ? { service_per_type: { slow: 3 * unit }, setup_per_type: { slow: unit } } : {}),
			...(this.#has('windows') && !this.#chance(3) ? { time_windows: this.#windows(Math.ceil(day / 4)) } : {}),
		};
	}

	#job(id: number): Job {
		const task = this.#task();
		const consult = this.#has('consult') && !this.#chance(4);
		if (consult) {
			delete task.service;
			delete task.service_per_type;
		}
		return {
			id,
			...task,
			...(this.#has('skills') && this.#chance(2) ? { skills: [this.#below(3)] } : {}),
			...(this.#has('load') ? { delivery: [this.#below(3), this.#below(2)], pickup: [this.#below(3), 0] } : {}),
			...(this.#has('trips') && !this.#has('load') ? { delivery: [1 + this.#below(2)] } : {}),
			...(this.#has('priorities') ? { priority: this.#below(4) } : {}),
			...(this.#has('vehicles') && this.#chance(2) ? { vehicles: [1 + this.#below(this.#size.vehicles)] } : {}),
			...(this.#has('fairness') && !this.#chance(4) ? { group: this.#chance(2) ? 'a' : 'b' } : {}),
			...(consult ? { consult: this.#consult() } : {}),
			...(consult && this.#has('signal') ? this.#signal() : {}),
			...this.#wishes(),
		};
	}

	#consult(): NonNullable<Job['consult']> {
		const unit = Math.max(1, Math.floor(this.#size.day / 16));
		return {
			preparation: this.#below(2 * unit),
			duration: unit + this.#below(2 * unit),
			rest: this.#below(2),
			...(this.#chance(4) ? { specialties: ['heart'] } : {}),
			...(this.#chance(4) ? { institution: 'A' } : {}),
			...(this.#chance(4) ? { doctors: [1 + this.#below(this.#size.doctors)] } : {}),
		};
	}

	#signal(): Pick<Job, 'signal' | 'meeting_points'> {
		const point = () => ({ location_index: this.#below(this.#places), cost: this.#below(10), signal: !this.#chance(4) });
		return {
			signal: this.#chance(3),
			...(this.#chance(4) ? {} : { meeting_points: this.#chance(2) ? [point()] : [point(), point()] }),
		};
	}

	/** At most two jobs have wishes that depend on time, so that brute force can try all times of theirs. */
	#wishing = 0;
	#wishes(): Pick<Job, 'appointment' | 'preferred'> {
		const { day, jobs } = this.#size;
		const most = jobs <= 8 ? 2 : jobs;
		if ((!this.#has('appointment') && !this.#has('preferred')) || this.#wishing >= most || this.#chance(3)) return {};
		this.#wishing++;
		const start = this.#below(day);
		const wish: Pick<Job, 'appointment' | 'preferred'> = {};
		if (this.#has('appointment')) {
			wish.appointment = {
				start,
				tolerance: this.#below(Math.ceil(day / 10)),
				change_cost: this.#below(30),
				...(this.#chance(3) ? { vehicle: 1 + this.#below(this.#size.vehicles) } : {}),
				...(this.#chance(3) && this.#has('consult') ? { doctor: 1 + this.#below(this.#size.doctors) } : {}),
			};
		}
		if (this.#has('preferred')) {
			wish.preferred = {
				time_window: [start, start + this.#below(Math.ceil(day / 8))],
				cost_per_hour: 3600 * (1 + this.#below(3)),
			};
		}
		return wish;
	}

	#shipment(id: number): NonNullable<PlanProblemInput['shipments']>[number] {
		return {
			pickup: { id, ...this.#task() },
			delivery: { id, ...this.#task() },
			amount: this.#has('load') ? [this.#below(3), 1] : [1],
			...(this.#has('priorities') ? { priority: this.#below(4) } : {}),
			...(this.#has('skills') && this.#chance(2) ? { skills: [this.#below(3)] } : {}),
		};
	}

	#vehicle(id: number, jobs: readonly Job[]): Vehicle {
		const { day, leg } = this.#size;
		const open = this.#has('open_ends') ? this.#below(3) : 0;
		const begin = this.#below(Math.ceil(day / 8));
		const perVehicle = Math.ceil(this.#size.jobs / this.#size.vehicles);
		return {
			id,
			...(open === 1 ? {} : { start_index: this.#below(this.#places) }),
			...(open === 2 ? {} : { end_index: this.#below(this.#places) }),
			...(this.#chance(5) ? {} : { time_window: [begin, begin + Math.ceil((day * (3 + this.#below(5))) / 8)] as [number, number] }),
			...(this.#has('skills') ? { skills: this.#chance(2) ? [0, 1] : [1, 2] } : {}),
			...(this.#has('load') ? { capacity: [2 + this.#below(4), 1 + this.#below(3)] } : {}),
			...(!this.#has('load') && (this.#has('trips') || this.#has('shipments')) ? { capacity: [2 + this.#below(2)] } : {}),
			...(this.#has('types') ? { type: this.#chance(2) ? 'slow' : 'fast' } : {}),
			...(this.#has('speed') ? { speed_factor: [0.5, 0.8, 1.3, 2][this.#below(4)] ?? 1 } : {}),
			...(this.#has('costs') ? { costs: this.#costs() } : {}),
			...(this.#has('max_tasks') ? { max_tasks: 1 + this.#below(perVehicle + 1) } : {}),
			...(this.#has('max_travel_time') ? { max_travel_time: Math.ceil(leg * (1 + this.#below(perVehicle))) } : {}),
			...(this.#has('max_distance') ? { max_distance: Math.ceil(leg * 10 * (1 + this.#below(perVehicle))) } : {}),
			...(this.#has('max_duration') ? { max_duration: Math.ceil((day * (2 + this.#below(4))) / 8) } : {}),
			...(this.#has('driving_limit')
				? { driving_limit: { seconds: Math.ceil(leg * (1 + this.#below(3))), rest: Math.max(1, Math.floor(day / 16)) } }
				: {}),
			...(this.#has('trips') ? { max_trips: 1 + this.#below(3), ...(this.#chance(2) || open === 1 ? this.#reload() : {}) } : {}),
			...(this.#has('series') ? { day: this.#below(9), crew: this.#chance(2) ? 'red' : 'blue' } : {}),
			...(this.#has('breaks') || this.#has('break_places') ? { breaks: [this.#break(1, begin)] } : {}),
			...(this.#has('pinned') && id === 1 ? { steps: this.#pinned(jobs) } : {}),
		};
	}

	#costs(): NonNullable<Vehicle['costs']> {
		return {
			fixed: this.#below(20),
			...(this.#chance(2) ? { per_hour: 3600 * this.#below(3) } : {}),
			...(this.#chance(2) ? { per_task_hour: 1800 * this.#below(3) } : {}),
			...(this.#chance(2) ? { per_km: 100 * this.#below(3) } : {}),
		};
	}

	#reload(): Pick<Vehicle, 'reload'> {
		return { reload: { location_index: this.#below(this.#places), service: this.#below(4) } };
	}

	/** A break that fits into every working day that begins at `begin`. */
	#break(id: number, begin: number): NonNullable<Vehicle['breaks']>[number] {
		const { day } = this.#size;
		const part = Math.ceil(day / 16);
		const from = begin + this.#below(3 * part);
		const first: [number, number] = [from, from + this.#below(part)];
		const later = first[1] + 1 + this.#below(part);
		return {
			id,
			service: this.#below(part),
			...(this.#chance(5) ? {} : { time_windows: this.#chance(3) ? [first, [later, later + part]] : [first] }),
			...(this.#has('load') && this.#chance(3) ? { max_load: [this.#below(4), 1] } : {}),
			...(this.#has('break_places')
				? { locations: Array.from({ length: 1 + this.#below(2) }, () => ({ location_index: this.#below(this.#places) })) }
				: {}),
		};
	}

	/** The first job that vehicle 1 may do, some with a time. */
	#pinned(jobs: readonly Job[]): NonNullable<Vehicle['steps']> {
		const job = jobs.find(({ skills, vehicles, consult }) => !skills && !consult && (vehicles ?? [1]).includes(1));
		if (!job) return [];
		const { day } = this.#size;
		const early = this.#below(Math.ceil(day / 3));
		const late = Math.ceil(day / 3) + this.#below(Math.ceil(day / 6));
		const times = [{}, { service_after: early }, { service_at: late }, { service_before: late, service_after: early }];
		return [
			...(this.#chance(3) ? [{ type: 'start' as const, pinned: true, service_after: Math.floor(early / 2) }] : []),
			{ type: 'job', id: job.id, pinned: true, ...times[this.#below(4)] },
		];
	}

	#series(jobs: number): NonNullable<PlanProblemInput['series']> {
		if (jobs < 2) return [];
		const least = this.#below(3);
		return [
			{
				id: 1,
				jobs: jobs > 2 && this.#chance(2) ? [1, 2, 3] : [1, 2],
				gap: [least, least + this.#below(5)],
				other_crew_cost: this.#below(20),
				other_weekday_cost: this.#below(20),
			},
		];
	}

	#matrices(): { durations: number[][]; distances: number[][]; costs?: number[][] } {
		const { leg } = this.#size;
		const places = Math.max(this.#places, 4);
		const square = (fill: (from: number, to: number) => number) =>
			Array.from({ length: places }, (_, from) => Array.from({ length: places }, (__, to) => (from === to ? 0 : fill(from, to))));
		const spots = Array.from({ length: places }, () => [this.#below(leg), this.#below(leg)] as const);
		// Roads: about as far as the crow flies, a little different there and back.
		const durations = square((from, to) => {
			const [a = [0, 0], b = [0, 0]] = [spots[from], spots[to]];
			return Math.ceil((Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1])) / 2) + this.#below(2);
		});
		const distances = durations.map((row) => row.map((cell) => (cell === 0 ? 0 : cell * 10 + this.#below(10))));
		if (this.#has('no_way')) {
			for (let times = 0; times < places; times++) {
				const [from, to] = [this.#below(places), this.#below(places)];
				if (from !== to) durations[from]![to] = NO_WAY;
			}
		}
		return { durations, distances, ...(this.#has('cost_matrix') ? { costs: square(() => this.#below(30)) } : {}) };
	}
}
