/** What the server's main thread and the thread that plans say to each other. */
import type { PlanMeasures, PlanningPoint, PlanSolution } from '@junkai/contracts';
import type { RoadProfile } from '../dispatch/frame.ts';
import type { Leg, SquareTable } from '../dispatch/matrices.ts';
import type { Place } from '../roads/port.ts';
import type { RoadsError, RoadsFault } from '../roads/roads-error.ts';
import type { PlanningFrame } from './frame.ts';
import type { MendInput } from './mend.ts';
import type { ProblemOptions } from './problem.ts';
import type { PlanningRecords } from './records.ts';

export interface SearchOptions {
	/** Time of the search; by the size of the problem when absent. */
	readonly seconds?: number | undefined;
	/** The answer is wanted so many seconds after the job came: the search gets what is left of it, and at least a little. */
	readonly within?: number | undefined;
	/** 0: in the planning thread itself, which hears nothing meanwhile. */
	readonly threads: number;
	readonly seed?: number;
	readonly maxSteps?: number | undefined;
}

export type PlanningJob =
	| {
			readonly kind: 'plan';
			readonly region: string;
			readonly records: PlanningRecords;
			readonly options: ProblemOptions;
			readonly search: SearchOptions;
	  }
	| {
			readonly kind: 'mend';
			readonly region: string;
			readonly records: PlanningRecords;
			readonly mend: MendInput;
			readonly search: SearchOptions;
	  }
	/** A solution that was changed by hand. */
	| { readonly kind: 'draw'; readonly frame: PlanningFrame; readonly solution: PlanSolution }
	/** Loads the program and the region's facts, so that the next job begins at once. */
	| { readonly kind: 'warm'; readonly region: string };

/** What comes of a job. Long texts are packed (raw deflate) already. */
export interface Planned {
	/** JSON of a PlanningFrame; null after `draw`, where it stays as it was. */
	readonly frame: Uint8Array | null;
	/** JSON of the PlanSolution, with reasons. */
	readonly solution: Uint8Array;
	/** JSON of the DraftDays. */
	readonly days: Uint8Array;
	readonly measures: PlanMeasures;
	/** Where the time went, ms. */
	readonly times: Readonly<Record<'reading' | 'roads' | 'searching' | 'drawing', number>>;
}

/** An error on its way between threads. */
export interface Failure {
	readonly message: string;
	/** Of a PlanningError. */
	readonly status: number | null;
	/** Of a RoadsError. */
	readonly fault: RoadsFault | null;
	readonly places: RoadsError['places'];
}

export type RoadsQuestion =
	| { readonly ask: 'table'; readonly profile: RoadProfile; readonly places: readonly Place[] }
	| { readonly ask: 'legs'; readonly profile: RoadProfile; readonly places: readonly Place[] }
	/** Which of the places are on a road. */
	| { readonly ask: 'check'; readonly places: readonly Place[] }
	/** What is closed, on the edges of the region. */
	| { readonly ask: 'closed'; readonly profile: RoadProfile };

export interface Answers {
	readonly table: SquareTable;
	readonly legs: readonly Leg[];
	readonly check: readonly boolean[];
	readonly closed: readonly { readonly edge: string; readonly from: number; readonly to: number }[];
}

export type FromThread =
	| { readonly type: 'state'; readonly state: 'reading' | 'roads' | 'searching' | 'drawing'; readonly seconds: number }
	| { readonly type: 'progress'; readonly point: PlanningPoint }
	| { readonly type: 'roads'; readonly id: number; readonly question: RoadsQuestion }
	| { readonly type: 'done'; readonly planned: Planned | null }
	| { readonly type: 'failed'; readonly failure: Failure };

export type ToThread =
	| { readonly type: 'job'; readonly job: PlanningJob; readonly began: number }
	/** Ends the search; the best plan so far is the outcome. */
	| { readonly type: 'enough' }
	| { readonly type: 'answer'; readonly id: number; readonly answer: Answers[keyof Answers] }
	| { readonly type: 'refused'; readonly id: number; readonly failure: Failure };
