/** Why the planner could not do something. */
export type PlannerErrorCode =
	| 'input' // the problem breaks its schema or contradicts itself; the message names the path
	| 'matrices' // the problem has no matrix for a profile in use; the road engine was to fill it in
	| 'threads' // no worker thread could go on
	| 'cancelled' // stopped before there was any plan
	| 'internal'; // a plan failed its own check; never shown as a plan

/** One thing that is wrong, with its place in the problem or in the plan: `jobs[3].time_windows[0]`. */
export interface Fault {
	readonly path: string;
	readonly message: string;
}

/** The one error class of the planner. `cause` holds what lay beneath, `faults` every single fault where there may be several. */
export class PlannerError extends Error {
	override readonly name = 'PlannerError';
	readonly code: PlannerErrorCode;
	readonly faults: readonly Fault[];

	constructor(code: PlannerErrorCode, message: string, options?: ErrorOptions & { readonly faults?: readonly Fault[] }) {
		super(message, options);
		this.code = code;
		this.faults = options?.faults ?? [];
	}
}
