/** Why the fleet server could not do something. */
export type FleetServerErrorCode =
	| 'config' // an option is wrong; the message names it and says what is expected
	| 'listen' // a port cannot be opened
	| 'store' // a database cannot be opened, read or written
	| 'telemetry' // the telemetry store refused or cannot be reached
	| 'broker' // the MQTT broker cannot be reached or refused us
	| 'batch' // an uplink message breaks its schema
	| 'roads' // the road engine gave no answer; `fault` of a RoadsError says why
	| 'optimize' // a routing problem got no plan; `refusal` of an OptimizeError says why
	| 'conflict' // somebody else was faster, or things do not stand as they should for it; the message says how they stand (409)
	| 'unfit' // it was understood but cannot be done; the message says why (422)
	| 'planning' // a plan cannot be made, changed or published as asked; `status` of a PlanningError says how it is told
	| 'records' // a record cannot be kept so; `refusal` of a RecordsError says why
	| 'overloaded'; // more was waiting to be stored than may wait

/** The one error class of the fleet server. `cause` holds what lay beneath. */
export class FleetServerError extends Error {
	override readonly name = 'FleetServerError';
	readonly code: FleetServerErrorCode;

	constructor(code: FleetServerErrorCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.code = code;
	}
}

/** Message of anything thrown, without stack and without whatever else hangs on the error object. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
