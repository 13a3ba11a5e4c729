/**
 * From records to a problem for the planner, over one to seven days in whole service seconds: a pure function of plain data. The
 * matrices come later, from the roads (`roads.ts`). docs/planning.md says in the user's words what becomes what.
 */
import type {
	CalendarDate,
	FleetVehicle,
	PlanProblemInput,
	PlanningOptions,
	Recurrence,
	Visit,
	VisitRequest,
} from '@junkai/contracts';
import type { Region } from '@junkai/regions';
import { CHANGE_COST, FAIRNESS_WEIGHT, OTHER_CREW_COST, TOLERANCE, VEHICLE_COSTS } from '../dispatch/costs.ts';
import type { FrameDoctor, FrameVehicle, RoadProfile } from '../dispatch/frame.ts';
import { vehicleClasses } from '../roads/port.ts';
import { addDays, calendarOf, datesOf, type Calendar } from '../registry/calendar.ts';
import { factsOf, type RegionFacts } from '../registry/facts.ts';
import { closuresWithin } from './closures.ts';
import type { PlanningFrame, PlanningVisit, Promised } from './frame.ts';
import { PlanningError } from './errors.ts';
import { jobOf, skillOf, type Job, type JobOptions } from './jobs.ts';
import { Spots } from './places.ts';
import type { PlanningRecords } from './records.ts';
import { crewsOn, doctorHours, type CrewDay, type IdleShift } from './resources.ts';

export type Vehicle = PlanProblemInput['vehicles'][number];

export interface ProblemOptions extends Pick<PlanningOptions, 'from' | 'days' | 'vehicles' | 'surge' | 'fairness' | 'keep'> {
	/** Service time: nothing is planned before it, ms. */
	readonly now: number;
	/** Visits that keep van, time and doctor. */
	readonly pins?: readonly Promised[];
	/** Order of visits to begin with; of it the planner keeps what holds. */
	readonly start?: readonly Promised[];
	/** Visits that may begin later than their patients' hours, for they were promised and the day runs late. */
	readonly grace?: ReadonlySet<number>;
	/** A shorter stretch of a shift is none, ms; an hour when absent. */
	readonly least?: number;
	/** Routes that nothing may change; their visits are among `pins`. */
	readonly locked?: readonly { readonly date: CalendarDate; readonly vehicle: string }[];
}

/** A visit that is pinned begins at its time to within this, seconds. */
export const PIN_SLACK = 300;
/** An appointment that was promised goes before one that never was, by so much of priority. */
export const PROMISED_PRIORITY = 6;

/**
 * The problem and what it means. Throws a PlanningError of status 422 when no van goes on any of the days, or nobody asks for a visit;
 * a FleetServerError of code `config` when a record names a facility that the region has not.
 */
export function problemOf(region: Region, records: PlanningRecords, options: ProblemOptions): PlanningFrame {
	const calendar = calendarOf(region.timeZone);
	const dates = datesOf(options.from, addDays(options.from, options.days - 1));
	const spots = new Spots(region);
	const notBefore = Math.ceil(options.now / 1000);
	const { crews, idle } = allCrews(records, dates, options, calendar);
	if (crews.length === 0) throw new PlanningError(422, noVan(dates, idle));
	const profiles = new Profiles(region, records);
	const placed = crews.map((crew, at) => vehicleOf(crew, at + 1, dates, spots, profiles));
	const doctors = doctorsOf(records, dates, options, calendar);
	const known = new Set(records.doctors.map(({ id }) => id));
	const wanted = wantedVisits(records, dates, { dates, calendar, notBefore, doctors: known, grace: options.grace }, spots);
	if (wanted.length === 0) throw new PlanningError(422, `no visit is open on ${dates.join(', ')}`);
	const vehicles = placed.map(({ frame }) => frame);
	const promised = options.keep === 'nothing' ? [] : promisesOf(records.visits, dates);
	const jobs = wanted.flatMap(({ job }) => (job ? [job] : []));
	const bound = bind(jobs, vehicles, options.keep === 'published' ? promised : [], options);
	const asked = new Set(
		bound.flatMap(({ consult, appointment }) => [...(consult?.doctors ?? []), appointment?.doctor ?? []].flat()),
	);
	const problem: PlanProblemInput = {
		vehicles: steps(
			placed.map(({ vehicle }) => vehicle),
			vehicles,
			bound,
			options,
		),
		jobs: bound,
		doctors: problemDoctors(doctors, asked),
		series: seriesOf(wanted),
		...(options.fairness > 0 && { fairness: { weight: Math.round(options.fairness * FAIRNESS_WEIGHT) } }),
	};
	return {
		problem,
		spots: spots.list,
		profiles: profiles.list,
		vehicles,
		doctors,
		visits: wanted.map(({ visit }) => visit),
		dates,
		days: dates.map((date) => seconds(calendar.dayOf(date))),
		promised,
		municipalities: Object.fromEntries(wanted.map(({ visit }) => [visit.municipality, spots.municipality(visit.municipality)])),
		now: null,
	};
}

const seconds = ([from, until]: readonly [number, number]): [number, number] => [Math.ceil(from / 1000), Math.floor(until / 1000)];

function allCrews(records: PlanningRecords, dates: readonly CalendarDate[], options: ProblemOptions, calendar: Calendar) {
	const { surge, vehicles, now: notBefore, least } = options;
	const found = dates.map((date) =>
		crewsOn(records, date, { calendar, surge, vehicles, notBefore, ...(least !== undefined && { least }) }),
	);
	return { crews: found.flatMap(({ crews }) => crews), idle: found.flatMap((one) => one.idle) };
}

const idleWords: Readonly<Record<IdleShift['reason'], string>> = {
	'no-nurse': 'has no nurse',
	'no-driver': 'has nobody who drives',
	'vehicle-out': 'is out of service',
	'staff-absent': 'lacks its crew',
	over: 'has no time left in its shift',
};

function noVan(dates: readonly CalendarDate[], idle: readonly IdleShift[]): string {
	const days = dates.length === 1 ? dates[0]! : `${dates[0]!} to ${dates.at(-1)!}`;
	if (idle.length === 0) return `no van has a shift on ${days}`;
	const some = idle.slice(0, 3).map(({ vehicle, date, reason }) => `${vehicle} ${idleWords[reason]} on ${date}`);
	return `no van can go on ${days}: ${some.join('; ')}${idle.length > 3 ? ` and ${idle.length - 3} more` : ''}`;
}

/** A class, or the van's own measures at the speed of its class. */
export const measuresOfVan = ({ size, class: kind }: FleetVehicle): RoadProfile['vehicle'] =>
	size === null ? kind : { ...size, speedFactor: vehicleClasses[kind].speedFactor };

/** How the roads are asked: by the measures of the van, and by what is closed on its day. */
class Profiles {
	readonly list: Record<string, RoadProfile> = {};
	readonly #names = new Map<string, string>();
	readonly #facts: RegionFacts;
	readonly #records: PlanningRecords;

	constructor(region: Region, records: PlanningRecords) {
		this.#facts = factsOf(region);
		this.#records = records;
	}

	/** What is closed at any time of the crew's hours is closed for all of them. */
	of({ van, hours }: CrewDay): string {
		const kind = van.class;
		const vehicle = measuresOfVan(van);
		const closures = closuresWithin(this.#facts, this.#records.closures, hours[0], hours[1]);
		const key = JSON.stringify([vehicle, closures]);
		let name = this.#names.get(key);
		if (name === undefined) {
			name = `${kind}-${this.#names.size + 1}`;
			this.#names.set(key, name);
			this.list[name] = { vehicle, closures };
		}
		return name;
	}
}

function vehicleOf(
	crew: CrewDay,
	id: number,
	dates: readonly CalendarDate[],
	spots: Spots,
	profiles: Profiles,
): { vehicle: Vehicle; frame: FrameVehicle } {
	const { van, rest, date, driver, nurse } = crew;
	const base = spots.base(van.base);
	const hours = seconds(crew.hours);
	const vehicle: Vehicle = {
		id,
		description: `${van.vehicle} (${date})`,
		profile: profiles.of(crew),
		start_index: base,
		end_index: base,
		skills: van.equipment.map(skillOf).toSorted((a, b) => a - b),
		time_window: hours,
		...(rest && { breaks: [{ id: 1, description: 'rest', time_windows: [seconds(rest.window)], service: rest.seconds }] }),
		costs: VEHICLE_COSTS,
		day: dates.indexOf(date),
		crew: `${driver?.id ?? '-'} ${nurse.id}`,
	};
	const nameOf = ({ name }: typeof nurse): string => `${name.family} ${name.given}`;
	return {
		vehicle,
		frame: { id, vehicle: van.vehicle, base, date, hours, driver: driver && nameOf(driver), nurse: nameOf(nurse) },
	};
}

function doctorsOf(
	{ doctors }: PlanningRecords,
	dates: readonly CalendarDate[],
	{ surge, now }: ProblemOptions,
	calendar: Calendar,
): (FrameDoctor & { readonly institution: string | null })[] {
	return doctors
		.filter((one) => surge || !one.surge)
		.map((one) => ({
			id: one.id,
			name: one.name,
			specialties: one.specialties,
			institution: one.institution,
			hours: dates.flatMap((date) => doctorHours(one, date, calendar, now).map(seconds)),
		}));
}

/** Doctors who have hours; and those whom a visit names, with a window that no consult fits. */
function problemDoctors(
	doctors: readonly (FrameDoctor & { readonly institution: string | null })[],
	asked: ReadonlySet<number>,
): NonNullable<PlanProblemInput['doctors']> {
	const kept = new Set(doctors.map(({ id }) => id));
	const away = [...asked].filter((id) => !kept.has(id)).map((id) => ({ id, time_windows: [NEVER] }));
	return [
		...doctors
			.filter(({ id, hours }) => hours.length > 0 || asked.has(id))
			.map(({ id, name, specialties, institution, hours }) => ({
				id,
				description: name.en,
				specialties: [...specialties],
				...(institution !== null && { institution }),
				time_windows: hours.length > 0 ? hours.map(([from, until]): [number, number] => [from, until]) : [NEVER],
			})),
		...away,
	];
}

export const NEVER: [number, number] = [0, 0];

interface Wanted {
	readonly visit: PlanningVisit;
	readonly job: Job | null;
	readonly nth: number;
	readonly request: VisitRequest;
}

/** Visits that may be made on these days and are not made, given up, or planned for another day. */
function wantedVisits(records: PlanningRecords, dates: readonly CalendarDate[], options: JobOptions, spots: Spots): Wanted[] {
	const requests = new Map(records.requests.map((one) => [one.id, one]));
	const patients = new Map(records.patients.map((one) => [one.id, one]));
	return records.visits.flatMap((visit): Wanted[] => {
		if (visit.state !== 'open' && visit.state !== 'planned') return [];
		if (visit.planned && !dates.includes(visit.planned.date)) return [];
		const request = requests.get(visit.request);
		const patient = patients.get(visit.patient);
		if (!request || !patient) return [];
		// What was promised is made, also when nobody asks for more.
		if (request.state !== 'open' && visit.state !== 'planned') return [];
		const found = jobOf(visit, request, patient, spots, options);
		return found ? [{ ...found, nth: visit.nth, request }] : [];
	});
}

/** Appointments that stand in the plan that holds. */
export function promisesOf(visits: readonly Visit[], dates: readonly CalendarDate[]): Promised[] {
	return visits.flatMap(({ id, state, planned }): Promised[] => {
		if (state !== 'planned' || !planned || !dates.includes(planned.date)) return [];
		const { vehicle, date, from, doctor } = planned;
		return [{ visit: id, vehicle, date, from: Math.round(from / 1000), doctor }];
	});
}

/** Puts a price on promises and binds what is pinned. */
function bind(
	jobs: readonly Job[],
	vehicles: readonly FrameVehicle[],
	promised: readonly Promised[],
	{ pins = [] }: ProblemOptions,
): Job[] {
	const promises = new Map(promised.map((one) => [one.visit, one]));
	const pinned = new Map(pins.map((one) => [one.visit, one]));
	return jobs.map((job) => {
		const pin = pinned.get(job.id);
		if (pin) return pinnedJob(job, pin, vehicles);
		const promise = promises.get(job.id);
		return promise ? pricedJob(job, promise, vehicles) : job;
	});
}

/** Vehicles of the problem in which an appointment was promised: more than one when a van has two shifts. */
const vehiclesOf = (vehicles: readonly FrameVehicle[], { vehicle, date }: Pick<Promised, 'vehicle' | 'date'>): FrameVehicle[] =>
	vehicles.filter((one) => one.vehicle === vehicle && one.date === date);

/** The shift of the van in which a time lies, or its only one. */
export function vehicleAt(vehicles: readonly FrameVehicle[], promise: Promised): FrameVehicle | undefined {
	const shifts = vehiclesOf(vehicles, promise);
	return shifts.find(({ hours }) => hours[0] <= promise.from && promise.from < hours[1]) ?? shifts[0];
}

export function pricedJob(job: Job, promise: Promised, vehicles: readonly FrameVehicle[]): Job {
	const vehicle = vehicleAt(vehicles, promise)?.id;
	return {
		...job,
		priority: Math.min(100, (job.priority ?? 0) + PROMISED_PRIORITY),
		appointment: {
			start: promise.from,
			tolerance: TOLERANCE,
			...(vehicle !== undefined && { vehicle }),
			...(job.consult && promise.doctor !== null && { doctor: promise.doctor }),
			change_cost: CHANGE_COST,
		},
	};
}

function pinnedJob(job: Job, pin: Promised, vehicles: readonly FrameVehicle[]): Job {
	const allowed = vehiclesOf(vehicles, pin).map(({ id }) => id);
	// Without its van a pin cannot hold: the visit is as free as any other, and the comparison shows the change.
	if (allowed.length === 0) return job;
	return {
		...job,
		priority: 100,
		vehicles: allowed,
		time_windows: [[pin.from - PIN_SLACK, pin.from + PIN_SLACK]],
		...(job.consult && pin.doctor !== null && { consult: { ...job.consult, doctors: [pin.doctor] } }),
	};
}

/** Orders to begin with; a locked route takes nothing else. */
function steps(
	vehicles: readonly Vehicle[],
	frames: readonly FrameVehicle[],
	jobs: readonly Job[],
	{ start = [], locked = [] }: ProblemOptions,
): Vehicle[] {
	const known = new Set(jobs.map(({ id }) => id));
	const routes = Map.groupBy(
		start.filter(({ visit }) => known.has(visit)),
		(one) => vehicleAt(frames, one)?.id,
	);
	return vehicles.map((vehicle, at) => {
		const frame = frames[at]!;
		const order = (routes.get(vehicle.id) ?? []).toSorted((a, b) => a.from - b.from);
		const closed = locked.some(({ date, vehicle: van }) => date === frame.date && van === frame.vehicle);
		return {
			...vehicle,
			...(closed && { max_tasks: order.length }),
			...(order.length > 0 && { steps: order.map(({ visit }) => ({ type: 'job' as const, id: visit })) }),
		};
	});
}

/** Visits of one request that follow one another, as far apart as it asks. */
function seriesOf(wanted: readonly Wanted[]): NonNullable<PlanProblemInput['series']> {
	const series: NonNullable<PlanProblemInput['series']> = [];
	const groups = Map.groupBy(
		wanted.filter(({ job, request }) => job !== null && request.recurrence !== null),
		({ request }) => request.id,
	);
	for (const visits of groups.values()) {
		const run: Wanted[] = [];
		for (const one of visits.toSorted((a, b) => a.nth - b.nth)) {
			if (run.length > 0 && run.at(-1)!.nth + 1 !== one.nth) add(series, run.splice(0));
			run.push(one);
		}
		add(series, run);
	}
	return series;
}

function add(series: NonNullable<PlanProblemInput['series']>, run: readonly Wanted[]): void {
	const recurrence = run[0]?.request.recurrence;
	if (run.length < 2 || !recurrence) return;
	series.push({
		id: series.length + 1,
		jobs: run.map(({ visit }) => visit.id),
		gap: gapOf(recurrence),
		other_crew_cost: OTHER_CREW_COST,
	});
}

const gapOf = ({ everyDays, tolerance }: Recurrence): [number, number] => [
	Math.max(1, everyDays - tolerance),
	everyDays + tolerance,
];
