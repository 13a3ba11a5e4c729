/** The steps of a route, read back into stops. */
import type { PlanRoute, PlanStep } from '@junkai/contracts';
import { type Facts, placeOf, spotOf, type Van } from './facts.ts';
import type { Fault } from './fault.ts';
import type { Stop } from './simulate.ts';

export interface ReadSteps {
	/** One for each step between start and end; undefined when a step cannot be read. */
	readonly stops: readonly Stop[] | undefined;
	readonly faults: readonly Fault[];
}

export function readSteps(facts: Facts, van: Van, route: PlanRoute): ReadSteps {
	const faults: Fault[] = [];
	const vehicle = route.vehicle;
	const { steps } = route;
	if (steps[0]?.type !== 'start') faults.push({ rule: 'steps', vehicle, step: 0, message: 'a route begins with its start' });
	if (steps.length < 2 || steps.at(-1)?.type !== 'end') {
		faults.push({ rule: 'steps', vehicle, step: steps.length - 1, message: 'a route ends with its end' });
	}
	const stops: Stop[] = [];
	for (const [at, step] of steps.slice(1, -1).entries()) {
		const read = readStep(facts, van, step);
		if (typeof read === 'string') faults.push({ rule: 'steps', vehicle, step: at + 1, message: read });
		else stops.push(read);
	}
	return { stops: faults.length === 0 ? stops : undefined, faults };
}

function readStep(facts: Facts, van: Van, step: PlanStep): Stop | string {
	if (step.type === 'reload') {
		if (van.reload === undefined) return 'this vehicle has no place to reload';
		return { kind: 'reload', place: van.reload };
	}
	if (step.type === 'start' || step.type === 'end') return `${step.type} in the middle of a route`;
	if (step.id === undefined) return `a ${step.type} without id`;
	if (step.type === 'break') {
		const rest = van.breaks.get(step.id);
		if (!rest) return `vehicle ${van.vehicle.id} has no break ${step.id}`;
		const places = rest.locations?.map((location, at) => placeOf(location, `breaks ${rest.id}.locations[${at}]`));
		if (!places) return { kind: 'break', rest, place: undefined };
		const place = step.location_index ?? (places.length === 1 ? places[0] : undefined);
		if (place === undefined || !places.includes(place)) return `break ${rest.id} is not taken at one of its places`;
		return { kind: 'break', rest, place };
	}
	const task = facts.tasks.get(`${step.type} ${step.id}`);
	if (!task) return `there is no ${step.type} ${step.id}`;
	const spot = spotOf(task, step.meeting_point);
	if (!spot) return `${task.key} has no meeting point ${step.meeting_point}`;
	return { kind: 'task', task, place: spot.place, point: step.meeting_point, doctor: step.consult?.doctor };
}
