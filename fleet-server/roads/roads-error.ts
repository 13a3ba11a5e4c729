import { FleetServerError } from '../errors.ts';

/** Why the roads gave no answer. */
export type RoadsFault =
	| 'invalid' // the request breaks a rule of the port: its message names the field
	| 'off-road' // places lie farther from the road than allowed; `places` names them
	| 'no-route' // there is no way between two places, for this vehicle and these closures
	| 'too-big' // more places than the engine takes
	| 'unsupported' // the engine has no such thing
	| 'closures-not-supported' // the engine cannot honour a closure: no answer rather than a wrong one
	| 'closure-leaked' // the engine's answer went through a closure, even after asking again
	| 'no-tiles' // there is no map to drive on; the message says how to make one
	| 'build' // tiles could not be made; those before are left as they were
	| 'timeout' // no answer within the deadline
	| 'unavailable' // the engine cannot be reached, or died
	| 'answer' // the engine answered what cannot be understood
	| 'aborted'; // the caller gave up

/** A fleet server's error of the roads, with what a program needs to act on it. */
export class RoadsError extends FleetServerError {
	readonly fault: RoadsFault;
	/** For `off-road`: index of each place in the request, and its distance from the road, metres (null: none within reach). */
	readonly places: readonly { readonly index: number; readonly distance: number | null }[];

	constructor(fault: RoadsFault, message: string, options?: ErrorOptions & { places?: RoadsError['places'] }) {
		super('roads', message, options);
		this.fault = fault;
		this.places = options?.places ?? [];
	}
}
