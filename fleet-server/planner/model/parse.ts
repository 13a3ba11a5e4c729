/** From outside input to a problem that makes sense: the schema first, then what a schema cannot say. */
import { type PlanProblem, type PlanVehicle, planProblem } from '@junkai/contracts';
import { type Fault, PlannerError } from '../errors.ts';

/** More faults than this are not listed: the first ones tell what is wrong. */
const MOST_FAULTS = 100;

type Report = (path: string, message: string) => void;

/**
 * Checks a problem that came from outside.
 *
 * @param mode 'plan': for times of given steps, where limits are soft and a break that cannot be taken in time is no fault
 * @returns the problem with defaults filled in
 * @throws PlannerError ('input') whose `faults` name every path and cause
 */
export function parseProblem(input: unknown, mode: 'solve' | 'plan' = 'solve'): PlanProblem {
	const parsed = planProblem.safeParse(input);
	if (!parsed.success) {
		refuse(parsed.error.issues.map((issue) => ({ path: pathText(issue.path), message: issue.message })));
	}
	const problem = withMatrix(parsed.data);
	const faults: Fault[] = [];
	const report: Report = (path, message) => {
		if (faults.length < MOST_FAULTS) faults.push({ path, message });
	};
	checkIds(problem, report);
	checkReferences(problem, report);
	checkAmounts(problem, report);
	checkPlaces(problem, report);
	checkVehicles(problem, mode, report);
	if (faults.length > 0) refuse(faults);
	return problem;
}

function refuse(faults: readonly Fault[]): never {
	const [first] = faults;
	const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
	throw new PlannerError('input', `${first?.path ? `${first.path}: ` : ''}${first?.message ?? 'invalid problem'}${more}`, {
		faults: faults.slice(0, MOST_FAULTS),
	});
}

function pathText(path: readonly PropertyKey[]): string {
	let text = '';
	for (const part of path) text += typeof part === 'number' ? `[${part}]` : `${text === '' ? '' : '.'}${String(part)}`;
	return text;
}

/** VROOM's old `matrix` is the durations of profile `car`. */
function withMatrix(problem: PlanProblem): PlanProblem {
	const { matrix, ...rest } = problem;
	if (!matrix) return problem;
	if (rest.matrices?.['car']?.durations) refuse([{ path: 'matrix', message: 'give matrix or matrices.car.durations, not both' }]);
	return { ...rest, matrices: { ...rest.matrices, car: { ...rest.matrices?.['car'], durations: matrix } } };
}

/** The profile of a vehicle. */
export function profileOf(vehicle: PlanVehicle): string {
	return vehicle.profile ?? 'car';
}

function unique(ids: Iterable<readonly [id: number, path: string]>, kind: string, report: Report): Set<number> {
	const seen = new Set<number>();
	for (const [id, path] of ids) {
		if (seen.has(id)) report(path, `duplicate ${kind} id ${id}`);
		seen.add(id);
	}
	return seen;
}

function checkIds(problem: PlanProblem, report: Report): void {
	unique(
		(problem.jobs ?? []).map((job, at) => [job.id, `jobs[${at}].id`]),
		'job',
		report,
	);
	unique(
		(problem.shipments ?? []).map((one, at) => [one.pickup.id, `shipments[${at}].pickup.id`]),
		'pickup',
		report,
	);
	unique(
		(problem.shipments ?? []).map((one, at) => [one.delivery.id, `shipments[${at}].delivery.id`]),
		'delivery',
		report,
	);
	unique(
		problem.vehicles.map((vehicle, at) => [vehicle.id, `vehicles[${at}].id`]),
		'vehicle',
		report,
	);
	unique(
		(problem.doctors ?? []).map((doctor, at) => [doctor.id, `doctors[${at}].id`]),
		'doctor',
		report,
	);
	unique(
		(problem.series ?? []).map((series, at) => [series.id, `series[${at}].id`]),
		'series',
		report,
	);
	for (const [at, vehicle] of problem.vehicles.entries()) {
		unique(
			(vehicle.breaks ?? []).map((one, b) => [one.id, `vehicles[${at}].breaks[${b}].id`]),
			'break',
			report,
		);
	}
}

function checkReferences(problem: PlanProblem, report: Report): void {
	const vehicles = new Set(problem.vehicles.map((vehicle) => vehicle.id));
	const doctors = new Set((problem.doctors ?? []).map((doctor) => doctor.id));
	const jobs = new Set((problem.jobs ?? []).map((job) => job.id));
	for (const [at, job] of (problem.jobs ?? []).entries()) {
		const path = `jobs[${at}]`;
		for (const [k, id] of (job.vehicles ?? []).entries()) {
			if (!vehicles.has(id)) report(`${path}.vehicles[${k}]`, `there is no vehicle ${id}`);
		}
		for (const [k, id] of (job.consult?.doctors ?? []).entries()) {
			if (!doctors.has(id)) report(`${path}.consult.doctors[${k}]`, `there is no doctor ${id}`);
		}
		const { vehicle, doctor } = job.appointment ?? {};
		if (vehicle !== undefined && !vehicles.has(vehicle)) report(`${path}.appointment.vehicle`, `there is no vehicle ${vehicle}`);
		if (doctor !== undefined && !doctors.has(doctor)) report(`${path}.appointment.doctor`, `there is no doctor ${doctor}`);
	}
	for (const [at, series] of (problem.series ?? []).entries()) {
		const seen = new Set<number>();
		for (const [k, id] of series.jobs.entries()) {
			const path = `series[${at}].jobs[${k}]`;
			if (!jobs.has(id)) report(path, `there is no job ${id}`);
			if (seen.has(id)) report(path, `job ${id} is in the series twice`);
			seen.add(id);
		}
	}
	checkSteps(problem, jobs, report);
}

function checkSteps(problem: PlanProblem, jobs: ReadonlySet<number>, report: Report): void {
	const known = {
		job: jobs,
		pickup: new Set((problem.shipments ?? []).map((one) => one.pickup.id)),
		delivery: new Set((problem.shipments ?? []).map((one) => one.delivery.id)),
	};
	const planned = new Set<string>();
	for (const [at, vehicle] of problem.vehicles.entries()) {
		const steps = vehicle.steps ?? [];
		const breaks = new Set((vehicle.breaks ?? []).map((one) => one.id));
		const taken = new Set<number>();
		for (const [k, step] of steps.entries()) {
			const path = `vehicles[${at}].steps[${k}]`;
			if (step.type === 'start' || step.type === 'end') {
				if (step.type === 'start' ? k > 0 : k < steps.length - 1) report(path, `unexpected ${step.type} among the steps`);
				continue;
			}
			if (step.id === undefined) {
				report(path, `a step of type ${step.type} needs an id`);
			} else if (step.type === 'break') {
				if (!breaks.has(step.id)) report(`${path}.id`, `vehicle ${vehicle.id} has no break ${step.id}`);
				if (taken.has(step.id)) report(`${path}.id`, `break ${step.id} comes twice`);
				taken.add(step.id);
			} else {
				if (!known[step.type].has(step.id)) report(`${path}.id`, `there is no ${step.type} ${step.id}`);
				const key = `${step.type} ${step.id}`;
				if (planned.has(key)) report(`${path}.id`, `${key} is in the steps twice`);
				planned.add(key);
			}
		}
	}
}

function checkAmounts(problem: PlanProblem, report: Report): void {
	let length: number | undefined;
	const check = (amount: readonly number[] | undefined, path: string): void => {
		if (!amount) return;
		length ??= amount.length;
		if (amount.length !== length) report(path, `${amount.length} quantities instead of ${length} as elsewhere in the problem`);
	};
	for (const [at, vehicle] of problem.vehicles.entries()) check(vehicle.capacity, `vehicles[${at}].capacity`);
	for (const [at, job] of (problem.jobs ?? []).entries()) {
		for (const key of ['amount', 'delivery', 'pickup'] as const) check(job[key], `jobs[${at}].${key}`);
	}
	for (const [at, shipment] of (problem.shipments ?? []).entries()) check(shipment.amount, `shipments[${at}].amount`);
	for (const [at, vehicle] of problem.vehicles.entries()) {
		for (const [b, one] of (vehicle.breaks ?? []).entries()) check(one.max_load, `vehicles[${at}].breaks[${b}].max_load`);
	}
}

interface Stop {
	readonly path: string;
	readonly key: string;
	readonly index: number | undefined;
	readonly location: readonly number[] | undefined;
}

/** Every place of the problem with its path. */
function* stops(problem: PlanProblem): Generator<Stop> {
	const stop = (path: string, one: { location?: readonly number[] | undefined; location_index?: number | undefined }): Stop => ({
		path,
		key: 'location_index',
		index: one.location_index,
		location: one.location,
	});
	for (const [at, job] of (problem.jobs ?? []).entries()) {
		yield stop(`jobs[${at}]`, job);
		for (const [k, point] of (job.meeting_points ?? []).entries()) yield stop(`jobs[${at}].meeting_points[${k}]`, point);
	}
	for (const [at, shipment] of (problem.shipments ?? []).entries()) {
		yield stop(`shipments[${at}].pickup`, shipment.pickup);
		yield stop(`shipments[${at}].delivery`, shipment.delivery);
	}
	for (const [at, vehicle] of problem.vehicles.entries()) {
		const path = `vehicles[${at}]`;
		for (const key of ['start', 'end'] as const) {
			const index = vehicle[`${key}_index`];
			if (vehicle[key] || index !== undefined) yield { path, key: `${key}_index`, index, location: vehicle[key] };
		}
		for (const [b, one] of (vehicle.breaks ?? []).entries()) {
			for (const [k, point] of (one.locations ?? []).entries()) yield stop(`${path}.breaks[${b}].locations[${k}]`, point);
		}
		const { reload } = vehicle;
		if (reload && (reload.location || reload.location_index !== undefined)) yield stop(`${path}.reload`, reload);
	}
}

function checkPlaces(problem: PlanProblem, report: Report): void {
	const matrices = Object.entries(problem.matrices ?? {});
	const given = matrices.some(([, one]) => one.durations ?? one.distances ?? one.costs);
	for (const [name, { durations, distances, costs }] of matrices) {
		if (distances && !durations) report(`matrices.${name}.distances`, 'a distance matrix needs the duration matrix of its profile');
		for (const [kind, rows] of [
			['distances', distances],
			['costs', costs],
		] as const) {
			if (rows && durations && rows.length !== durations.length) {
				report(`matrices.${name}.${kind}`, `the matrix has ${rows.length} rows, but durations ${durations.length}`);
			}
		}
	}
	if (given) checkProfiles(problem, report);
	let size = Infinity;
	for (const vehicle of problem.vehicles) {
		const rows = problem.matrices?.[profileOf(vehicle)]?.durations;
		if (rows) size = Math.min(size, rows.length);
	}
	for (const { path, key, index, location } of stops(problem)) {
		if (given && index === undefined) {
			report(path, `with matrices, ${key} says which row and column the place has; it is missing`);
		} else if (given && index !== undefined && index >= size) {
			report(`${path}.${key}`, `index ${index} lies outside the matrix of ${size} rows`);
		} else if (!given && !location) {
			report(path, `without matrices a place needs coordinates (${key === 'location_index' ? 'location' : key.slice(0, -6)})`);
		} else if (!given && index !== undefined) {
			report(`${path}.${key}`, 'an index means something only with matrices');
		}
	}
}

function checkProfiles(problem: PlanProblem, report: Report): void {
	const anyDistances = Object.values(problem.matrices ?? {}).some((one) => one.distances);
	for (const [at, vehicle] of problem.vehicles.entries()) {
		const profile = profileOf(vehicle);
		const path = `vehicles[${at}]`;
		const own = problem.matrices?.[profile];
		if (!own?.durations) {
			report(`${path}.profile`, `there is no duration matrix for profile ${profile}`);
			continue;
		}
		if (!own.distances) {
			if (anyDistances) report(`${path}.profile`, `other profiles have distances, but ${profile} has none`);
			if ((vehicle.costs?.per_km ?? 0) > 0)
				report(`${path}.costs.per_km`, `costs by kilometre need a distance matrix for ${profile}`);
			if (vehicle.max_distance !== undefined)
				report(`${path}.max_distance`, `a longest distance needs a distance matrix for ${profile}`);
		}
		if (own.costs && (vehicle.costs?.per_hour ?? 3600) !== 3600) {
			report(
				`${path}.costs.per_hour`,
				`profile ${profile} has its own cost matrix, with which a price by the hour contradicts itself`,
			);
		}
	}
}

function checkVehicles(problem: PlanProblem, mode: 'solve' | 'plan', report: Report): void {
	for (const [at, vehicle] of problem.vehicles.entries()) {
		const path = `vehicles[${at}]`;
		if (!vehicle.start && !vehicle.end && vehicle.start_index === undefined && vehicle.end_index === undefined) {
			report(path, 'a vehicle needs a start or an end');
		}
		if (vehicle.speed_factor !== undefined && Math.round((1 / vehicle.speed_factor) * 100) > 1_000_000) {
			report(`${path}.speed_factor`, 'so slow that times can no longer be told');
		}
		if (mode === 'solve') checkBreaks(vehicle, path, report);
	}
}

/** As VROOM does: breaks that can't all be taken within the shift are an error, not an idle vehicle. */
function checkBreaks(vehicle: PlanVehicle, path: string, report: Report): void {
	if (vehicle.steps?.some((step) => step.pinned)) return;
	const breaks = sortedBreaks(vehicle);
	let time = vehicle.time_window?.[0] ?? 0;
	for (const one of breaks) {
		const window = one.time_windows ? one.time_windows.find(([, end]) => time <= end) : ([0, Infinity] as const);
		const start = window ? Math.max(time, window[0]) : Infinity;
		time = start + (one.service ?? 0);
		if (time > (vehicle.time_window?.[1] ?? Number.MAX_VALUE)) {
			report(`${path}.breaks`, `break ${one.id} of vehicle ${vehicle.id} does not fit into its working hours`);
			return;
		}
	}
}

/** Breaks in VROOM's order: by the start, then the end of the first window. */
export function sortedBreaks(vehicle: PlanVehicle): NonNullable<PlanVehicle['breaks']> {
	const first = (one: { time_windows?: readonly (readonly [number, number])[] | undefined }): readonly [number, number] =>
		one.time_windows?.[0] ?? [0, Number.MAX_SAFE_INTEGER];
	return (vehicle.breaks ?? []).toSorted((a, b) => first(a)[0] - first(b)[0] || first(a)[1] - first(b)[1]);
}
