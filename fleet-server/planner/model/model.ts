/**
 * A problem as the search reads it: plain data in flat typed arrays, so that it can be handed to a worker thread as it is.
 *
 * Units are VROOM's own inside: times in hundredths of a second (a speed factor leaves fractions of seconds), costs in
 * 1/360,000 of a unit (hundredths of a second times a price by the hour), so that both stay whole numbers in doubles.
 */

export const TIME = 100;
export const COST = 360_000;
/** Later than any time; sums of a few of them are still exact. */
export const NEVER = 1e15;
/** Cell of `arcs` without a way. */
export const BLOCKED = 0x3fff_ffff;

export const JOB = 0;
export const PICKUP = 1;
export const DELIVERY = 2;

/** Lists of different length one behind the other: list i lies from `at[i]` to `at[i + 1]`. */
export interface Lists {
	readonly at: Int32Array;
	readonly items: Int32Array;
}

/** Time windows of many things: those of thing i lie from `at[i]` to `at[i + 1]`, in order. */
export interface Windows {
	readonly at: Int32Array;
	readonly open: Float64Array;
	readonly close: Float64Array;
}

/** A break as compiled for its vehicle. */
export interface ModelBreak {
	/** Which of the vehicle's `breaks`. */
	readonly rank: number;
	readonly service: number;
	readonly open: readonly number[];
	readonly close: readonly number[];
	readonly maxLoad: readonly number[] | undefined;
	/** Places where it can be taken; undefined: anywhere. */
	readonly places: readonly number[] | undefined;
}

export interface ModelVehicle {
	/** Which matrix of `arcs`. */
	readonly profile: number;
	readonly type: number;
	/** Place, or `nowhere`. */
	readonly start: number;
	readonly end: number;
	/** Shift; the route leaves the start not before `open` and reaches the end not after `close`. */
	readonly open: number;
	readonly close: number;
	/** Latest departure; later than any time unless a pinned start says otherwise. */
	readonly leave: number;
	/** Hundredths of a second for a second of the matrix. */
	readonly timeFactor: number;
	/** Price of a unit of the cost column, and of a metre. */
	readonly costFactor: number;
	readonly distanceFactor: number;
	/** Price of a hundredth of a second of setup or service. */
	readonly taskFactor: number;
	/** Price of driving at all. */
	readonly fixed: number;
	/** Whether travel cost is reckoned from times and distances (and not from a matrix of costs). */
	readonly metric: boolean;
	readonly perHour: number;
	readonly perKm: number;
	readonly maxTasks: number;
	readonly maxTravel: number;
	readonly maxDistance: number;
	readonly maxDuration: number;
	readonly driveLimit: number;
	readonly driveRest: number;
	readonly reloads: number;
	readonly reloadService: number;
	readonly capacity: readonly number[];
	readonly breaks: readonly ModelBreak[];
	/** Whether a break asks for a load or a place, or the vehicle for a duration or rests: then a candidate route is run through. */
	readonly breakLoads: boolean;
	readonly general: boolean;
	/** Whether a break has a place: then a leg without a way may be driven by way of it. */
	readonly via: boolean;
	/** Pinned tasks in order, and how many breaks come before each of them and (last entry) before anything else. */
	readonly pinned: readonly number[];
	readonly pinnedBreaks: readonly number[];
	readonly day: number;
	readonly crew: string;
}

export interface ModelSeries {
	/** Tasks, in order. */
	readonly tasks: readonly number[];
	readonly least: number;
	readonly most: number;
	readonly otherCrew: number;
	readonly otherWeekday: number;
}

export interface Model {
	readonly vehicles: readonly ModelVehicle[];
	/** Jobs in order, then pickup and delivery of each shipment. */
	readonly tasks: number;
	readonly jobs: number;
	/** Ways to do a task (its own place, meeting points), then one reload a vehicle. */
	readonly nodes: number;
	/** All nodes of tasks and the reloads behind them. */
	readonly allNodes: number;
	readonly doctors: number;
	readonly types: number;
	/** Places in use, and one more that is nowhere (all ways from and to it take nothing). */
	readonly places: number;
	readonly nowhere: number;
	/** By profile: seconds, cost and metres from row to column, three entries a pair. */
	readonly arcs: readonly Int32Array[];
	/** Which row of the problem's matrices a place is. */
	readonly placeIndex: Int32Array;
	readonly dimensions: number;

	readonly kind: Uint8Array;
	/** The other half of a shipment; -1. */
	readonly mate: Int32Array;
	readonly priority: Int32Array;
	/** `pickup[task * dimensions + d]`: taken on board at the task; of a shipment's pickup the amount. */
	readonly pickup: Float64Array;
	readonly delivery: Float64Array;
	/** By `type * tasks + task`. */
	readonly setup: Float64Array;
	readonly service: Float64Array;
	readonly windows: Windows;
	/** By `vehicle * tasks + task`: skills and `vehicles` allow it. */
	readonly allowed: Uint8Array;
	/** The first vehicle that is like this one in all but its number. */
	readonly twin: Int32Array;
	/** Vehicle to which a task is pinned; -1. */
	readonly pinnedTo: Int32Array;
	/** Nodes of each task. */
	readonly nodesOf: Lists;

	/** By node: its task (-1: a reload), place, price of the place, which meeting point (-1: the task's own place). */
	readonly nodeTask: Int32Array;
	readonly nodePlace: Int32Array;
	readonly nodeCost: Float64Array;
	readonly nodePoint: Int32Array;

	/** By task: time of the doctor (0: no consult) and of the nurse before it. */
	readonly consult: Float64Array;
	readonly preparation: Float64Array;
	/** A consult that has been held already (`service_at` of a pinned step): no hours are asked for it any more. */
	readonly factual: Uint8Array;
	readonly doctorsOf: Lists;
	readonly doctorHours: Windows;

	/** By task: whether its start has a price that depends on time, vehicle or doctor. */
	readonly soft: Uint8Array;
	/** Preferred window and price of a hundredth of a second outside; 0: none. */
	readonly preferredOpen: Float64Array;
	readonly preferredClose: Float64Array;
	readonly preferredRate: Float64Array;
	/** Promised time ± tolerance, vehicle and doctor (-1: any), price of a change; 0: none. */
	readonly promisedOpen: Float64Array;
	readonly promisedClose: Float64Array;
	readonly promisedVehicle: Int32Array;
	readonly promisedDoctor: Int32Array;
	readonly promisedCost: Float64Array;

	/** Group of a task (-1: none), weight / need by group. */
	readonly group: Int32Array;
	readonly groupWeight: Float64Array;
	readonly groupNeed: Float64Array;
	readonly series: readonly ModelSeries[];
	/** Series of each task. */
	readonly seriesOf: Lists;

	/** Whether times matter at all (VROOM rounds costs in two ways, by that). */
	readonly timed: boolean;
	readonly distances: boolean;
}
