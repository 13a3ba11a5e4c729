/**
 * Exchanges what two vehicles do from some stop on (2-opt*; from the first free stop on: the whole rounds). String removals alone
 * hardly find that a round suits another vehicle better, where vehicles differ in cost, speed, hours or skills.
 */
import type { Model } from '../../model/model.ts';
import type { Random } from '../../random.ts';
import { assign, isFixed, type Plan, strip } from './plan.ts';
import { reserve, type Route } from './route.ts';

/** How often whole rounds are exchanged. */
const WHOLE = 0.35;

export interface Crossing {
	readonly one: Route;
	readonly other: Route;
	/** Positions behind which the routes are cut. */
	readonly cut: number;
	readonly otherCut: number;
}

/** Chooses two vehicles and where to cut; undefined when chance finds no pair that may exchange anything. */
export function chooseCrossing(model: Model, plan: Plan, random: Random): Crossing | undefined {
	const count = model.vehicles.length;
	if (count < 2) return undefined;
	const one = plan.routes[random.below(count)]!;
	const other = plan.routes[random.below(count)]!;
	if (one === other || one.n <= one.free) return undefined;
	const { day } = model.vehicles[one.vehicle]!;
	if (model.series.length > 0 && model.vehicles[other.vehicle]!.day !== day) return undefined;
	if (other.tasks === 0 && model.twin[one.vehicle] === model.twin[other.vehicle]) return undefined;
	const whole = random.real() < WHOLE;
	const cut = whole ? one.free : one.free + random.below(one.n - one.free + 1);
	const otherCut = whole ? other.free : sameTime(one, cut, other, random);
	if (cut === one.n && otherCut === other.n) return undefined;
	if (holdsFixed(model, one, cut) || holdsFixed(model, other, otherCut)) return undefined;
	return { one, other, cut, otherCut };
}

/** A cut at about the time of the other cut, a stop more or less. */
function sameTime(one: Route, cut: number, other: Route, random: Random): number {
	const when = one.depart[cut * one.layers + one.layers - 1]!;
	let at = other.free;
	while (at < other.n && other.depart[(at + 1) * other.layers + other.layers - 1]! <= when) at++;
	return Math.max(other.free, Math.min(other.n, at + random.below(3) - 1));
}

function holdsFixed(model: Model, route: Route, cut: number): boolean {
	for (let k = cut + 1; k <= route.n; k++) if (isFixed(model, route.seq[k]!)) return true;
	return false;
}

/**
 * Carries it out. Tasks that the other vehicle may not do, and shipments that would be torn apart, are taken out of the routes and
 * given to `drop`. The routes must be reckoned anew afterwards.
 */
export function cross(model: Model, plan: Plan, { one, other, cut, otherCut }: Crossing, drop: (task: number) => void): void {
	const tail = Array.from(one.seq.subarray(cut + 1, one.n + 1));
	const otherTail = Array.from(other.seq.subarray(otherCut + 1, other.n + 1));
	const moved = [...attach(model, plan, one, cut, otherTail), ...attach(model, plan, other, otherCut, tail)];
	for (const task of moved) {
		const mate = model.mate[task]!;
		const vehicle = plan.vehicleOf[task]!;
		const allowed = model.allowed[vehicle * model.tasks + task] === 1;
		if (vehicle < 0 || (allowed && (mate < 0 || plan.vehicleOf[mate] === vehicle))) continue;
		drop(task);
		if (mate >= 0 && plan.vehicleOf[mate]! >= 0) drop(mate);
	}
	strip(model, plan, one);
	strip(model, plan, other);
}

/** Puts a tail behind a position and returns its tasks; reloads become those of the vehicle. */
function attach(model: Model, plan: Plan, route: Route, cut: number, tail: readonly number[]): number[] {
	const moved: number[] = [];
	reserve(model, route, cut + tail.length);
	route.n = cut;
	for (const node of tail) {
		if (node >= model.nodes) {
			route.seq[++route.n] = model.nodes + route.vehicle;
			continue;
		}
		route.seq[++route.n] = node;
		assign(model, plan, model.nodeTask[node]!, route.vehicle);
		moved.push(model.nodeTask[node]!);
	}
	return moved;
}
