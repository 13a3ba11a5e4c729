/** What is wrong in a plan. */
export interface Fault {
	/** What kind of thing: a rule of the problem (`time_window`, `load` …) or a figure of the answer (`arrival`, `cost` …). */
	readonly rule: string;
	readonly vehicle?: number;
	/** Index in `steps` of the vehicle's route. */
	readonly step?: number;
	/** In words, with the figure found and the one expected. */
	readonly message: string;
}
