/** Problems that come without matrices: their places are put on the road, and the matrices between them filled in. */
import { planProblem, type PlanProblem, type PlanSolution } from '@junkai/contracts';
import { type Place, vehicleClasses, type VehicleClass } from '../roads/port.ts';
import { RoadsError } from '../roads/roads-error.ts';
import { fieldOf, inputError, OptimizeError, unusable } from './errors.ts';
import type { RoadsAnswers, SquareTable } from './road-answers.ts';

/** Places apart from each other that are put on the road for one problem. */
export const MAX_PLACES = 2000;
/** VROOM's profile when none is given, and the class of vehicle that it is here. */
const DEFAULT_PROFILE = 'car';
const classOf: Readonly<Record<string, VehicleClass>> = {
	[DEFAULT_PROFILE]: 'van',
	...Object.fromEntries(Object.keys(vehicleClasses).map((name) => [name, name as VehicleClass])),
};

/** Anything of a problem that has a place. */
interface Located {
	location?: [number, number] | undefined;
	location_index?: number | undefined;
}

/** Whether a problem brings its own matrices. */
export function hasMatrices(input: unknown): boolean {
	if (typeof input !== 'object' || input === null) return false;
	const { matrices, matrix } = input as { matrices?: unknown; matrix?: unknown };
	if (matrix !== undefined) return true;
	return matrices !== undefined && (typeof matrices !== 'object' || matrices === null || Object.keys(matrices).length > 0);
}

/** Numbers each place once, and remembers which fields name it. */
class Places {
	readonly list: Place[] = [];
	readonly fields: string[][] = [];
	readonly missing: { field: string; message: string }[] = [];
	readonly #known = new Map<string, number>();

	/** Index of a place; undefined where `location` is absent, which is noted unless it may be. */
	index(location: [number, number] | undefined, path: PropertyKey[], optional = false): number | undefined {
		if (location === undefined) {
			if (!optional) this.missing.push({ field: fieldOf(path), message: 'a place is needed here, since there are no matrices' });
			return undefined;
		}
		const key = location.join(' ');
		let at = this.#known.get(key);
		if (at === undefined) {
			at = this.list.push(location) - 1;
			this.fields.push([]);
			this.#known.set(key, at);
		}
		this.fields[at]!.push(fieldOf(path));
		return at;
	}

	/** Gives a task, a break's place or the like its index. */
	locate(at: Located, path: PropertyKey[], optional = false): void {
		const index = this.index(at.location, [...path, 'location'], optional);
		if (index === undefined) delete at.location_index;
		else at.location_index = index;
	}
}

/** Writes `*_index` into the problem for every place in it. */
function numberPlaces(problem: PlanProblem): Places {
	const places = new Places();
	for (const [at, job] of (problem.jobs ?? []).entries()) {
		places.locate(job, ['jobs', at]);
		for (const [point, meeting] of (job.meeting_points ?? []).entries())
			places.locate(meeting, ['jobs', at, 'meeting_points', point]);
	}
	for (const [at, { pickup, delivery }] of (problem.shipments ?? []).entries()) {
		places.locate(pickup, ['shipments', at, 'pickup']);
		places.locate(delivery, ['shipments', at, 'delivery']);
	}
	for (const [at, vehicle] of problem.vehicles.entries()) {
		const path = ['vehicles', at];
		for (const end of ['start', 'end'] as const) {
			const index = places.index(vehicle[end], [...path, end], true);
			if (index === undefined) delete vehicle[`${end}_index`];
			else vehicle[`${end}_index`] = index;
		}
		if (vehicle.start === undefined && vehicle.end === undefined) {
			places.missing.push({ field: fieldOf([...path, 'start']), message: 'a vehicle has a start, an end or both' });
		}
		if (vehicle.reload) places.locate(vehicle.reload, [...path, 'reload'], true);
		for (const [number, pause] of (vehicle.breaks ?? []).entries()) {
			for (const [spot, place] of (pause.locations ?? []).entries()) {
				places.locate(place, [...path, 'breaks', number, 'locations', spot]);
			}
		}
	}
	return places;
}

/** Class of vehicle of each profile in use. Throws an OptimizeError that names the vehicles whose profile is none. */
export function classesInUse(problem: PlanProblem): Map<string | undefined, VehicleClass> {
	const classes = new Map<string | undefined, VehicleClass>();
	const unknown: { field: string; message: string }[] = [];
	for (const [at, { profile }] of problem.vehicles.entries()) {
		const name = profile ?? DEFAULT_PROFILE;
		if (Object.hasOwn(classOf, name)) classes.set(profile, classOf[name]!);
		else {
			const message = `the roads know no such profile, only ${Object.keys(classOf).join(', ')}`;
			unknown.push({ field: fieldOf(['vehicles', at, 'profile']), message });
		}
	}
	if (unknown.length > 0) throw inputError('A profile is not known.', unknown);
	return classes;
}

/**
 * Asks the roads for the matrices of a problem that has none. Throws an OptimizeError that names the field of each place that is
 * absent, off the road or one too many.
 */
export async function fillMatrices(input: unknown, roads: RoadsAnswers): Promise<unknown> {
	const parsed = planProblem.safeParse(input);
	if (!parsed.success) {
		const errors = parsed.error.issues.map(({ path, message }) => ({ field: fieldOf(path), message }));
		throw inputError('The problem breaks its schema.', errors, parsed.error);
	}
	const problem = parsed.data;
	const places = numberPlaces(problem);
	if (places.missing.length > 0) throw inputError('A place is missing.', places.missing);
	if (places.list.length > MAX_PLACES) {
		const message = `${places.list.length} different places; at most ${MAX_PLACES} can be put on the road at once`;
		throw unusable('Too many places.', [{ field: 'jobs', message }]);
	}
	const byClass = new Map<VehicleClass, Promise<NonNullable<PlanProblem['matrices']>[string]>>();
	const matrices: NonNullable<PlanProblem['matrices']> = {};
	for (const [profile, vehicle] of classesInUse(problem)) {
		if (!byClass.has(vehicle)) byClass.set(vehicle, roads.table(vehicle, places.list).then(rowsOf));
		try {
			matrices[profile ?? DEFAULT_PROFILE] = await byClass.get(vehicle)!;
		} catch (error) {
			throw offRoad(error, places);
		}
	}
	return { ...problem, matrices };
}

const rowsOf = ({ size, durations, distances }: SquareTable) => ({
	durations: rows(durations, size),
	distances: rows(distances, size),
});

function rows(cells: Uint32Array, size: number): number[][] {
	return Array.from({ length: size }, (_, row) => Array.from(cells.subarray(row * size, (row + 1) * size)));
}

/** An error of the roads with the fields of the problem in it. */
function offRoad(error: unknown, { list, fields }: Places): unknown {
	if (!(error instanceof RoadsError) || error.fault !== 'off-road') return error;
	const errors = error.places.flatMap(({ index, distance }) =>
		(fields[index] ?? []).map((field) => ({
			field,
			message: `[${list[index]!.join(', ')}] is ${distance === null ? 'out of reach of any road' : `${Math.round(distance)} m off the road`}`,
		})),
	);
	return new OptimizeError({ code: 3, status: 422, detail: 'A place is off the road.', errors }, { cause: error });
}

/** Takes back out of an answer what was put into the problem: nobody who asked knows our numbers of places. */
export function withoutIndexes(solution: PlanSolution): PlanSolution {
	for (const step of [...(solution.unassigned ?? []), ...(solution.routes ?? []).flatMap(({ steps }) => steps)])
		delete step.location_index;
	return solution;
}
