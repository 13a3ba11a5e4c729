/** One vehicle's route with all that is needed to judge a change of it. */
import type { Model } from '../../model/model.ts';

/**
 * Positions are 0 (start), 1 to `n` (the nodes of `seq`, which begins at index 1) and `n + 1` (end). Times by position and number
 * of breaks taken by then lie at `position * layers + breaks`. About 30 + 24 × layers + 16 × dimensions bytes a position.
 */
export interface Route {
	readonly vehicle: number;
	/** Number of breaks of the vehicle + 1. */
	readonly layers: number;
	n: number;
	seq: Int32Array;
	/** Place at each position. */
	place: Int32Array;
	/** Setup and service at each position. */
	action: Float64Array;
	/** Earliest departure; NEVER when it can't be. */
	depart: Float64Array;
	/** How many breaks the earliest way here had taken at the position before. */
	came: Uint8Array;
	/** Latest start of the action, and latest departure; −1 when it can't be. */
	late: Float64Array;
	lateDepart: Float64Array;
	/** Load on board when leaving each position, most load since the trip began, and until it ends; by position × dimensions. */
	load: Float64Array;
	before: Float64Array;
	after: Float64Array;
	/** Start of the action as planned, and the doctor who attends (−1). */
	start: Float64Array;
	doctor: Int32Array;
	/** Number of tasks, reloads, consults and tasks with a price on time. */
	tasks: number;
	reloads: number;
	consults: number;
	softs: number;
	travel: number;
	distance: number;
	/** What VROOM would reckon, places included. */
	hard: number;
	/** Price of times and of ways to breaks. */
	extra: number;
	/** Version of the doctors' bookings for which `late` holds; −1: not reckoned. */
	lateVersion: number;
	/** A number of its own for each state; equal numbers mean equal routes. */
	version: number;
	/** First position behind which something may be put in. */
	free: number;
}

export function createRoute(model: Model, vehicle: number, capacity = 16): Route {
	const layers = model.vehicles[vehicle]!.breaks.length + 1;
	const route: Route = {
		vehicle,
		layers,
		n: 0,
		seq: new Int32Array(0),
		place: new Int32Array(0),
		action: new Float64Array(0),
		depart: new Float64Array(0),
		came: new Uint8Array(0),
		late: new Float64Array(0),
		lateDepart: new Float64Array(0),
		load: new Float64Array(0),
		before: new Float64Array(0),
		after: new Float64Array(0),
		start: new Float64Array(0),
		doctor: new Int32Array(0),
		tasks: 0,
		reloads: 0,
		consults: 0,
		softs: 0,
		travel: 0,
		distance: 0,
		hard: 0,
		extra: 0,
		lateVersion: -1,
		version: 0,
		free: 0,
	};
	reserve(model, route, capacity);
	return route;
}

/** Makes room for `n` nodes; what was reckoned is lost, the nodes are kept. */
export function reserve(model: Model, route: Route, n: number): void {
	const positions = n + 2;
	if (route.seq.length >= positions) return;
	const size = Math.ceil(positions * 1.5);
	const seq = new Int32Array(size);
	seq.set(route.seq);
	route.seq = seq;
	route.place = new Int32Array(size);
	route.action = new Float64Array(size);
	route.depart = new Float64Array(size * route.layers);
	route.came = new Uint8Array(size * route.layers);
	route.late = new Float64Array(size * route.layers);
	route.lateDepart = new Float64Array(size * route.layers);
	route.load = new Float64Array(size * model.dimensions);
	route.before = new Float64Array(size * model.dimensions);
	route.after = new Float64Array(size * model.dimensions);
	route.start = new Float64Array(size);
	route.doctor = new Int32Array(size);
}
