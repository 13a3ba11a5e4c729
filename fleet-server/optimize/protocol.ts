/** What the server's main thread and the thread of a job say to each other. */
import type { OptimizeProgress } from '@junkai/contracts';
import type { Place, VehicleClass } from '../roads/port.ts';
import type { RoadsFault, RoadsError } from '../roads/roads-error.ts';
import type { Refusal } from './errors.ts';
import type { RoadConditions, SquareTable, Way } from './road-answers.ts';
import type { SolveOptions } from './solve.ts';

/** What a thread is to do; each does one search. */
export interface JobData {
	readonly body: Uint8Array;
	readonly options: Omit<SolveOptions, 'spent'>;
	/** When the job began, ms since 1970. */
	readonly began: number;
}

export interface RoadsQuestion {
	readonly type: 'roads';
	readonly id: number;
	readonly ask: 'table' | 'way';
	readonly vehicle: VehicleClass;
	readonly places: readonly Place[];
	readonly conditions: RoadConditions;
}

/** A RoadsError on its way between threads. */
export interface RoadsFailure {
	readonly fault: RoadsFault | null;
	readonly message: string;
	readonly places: RoadsError['places'];
}

export type FromJob =
	| { readonly type: 'read'; readonly tasks: number }
	/** The roads were asked and the problem is sound. */
	| { readonly type: 'ready' }
	| { readonly type: 'progress'; readonly progress: OptimizeProgress }
	| RoadsQuestion
	| { readonly type: 'done'; readonly answer: Uint8Array }
	| { readonly type: 'failed'; readonly refusal: Refusal; /** It waits for another job. */ readonly idle: boolean };

export type ToJob =
	| { readonly type: 'job'; readonly data: JobData }
	| { readonly type: 'cancel' }
	| { readonly type: 'roads'; readonly id: number; readonly answer: SquareTable | Way }
	| { readonly type: 'roads'; readonly id: number; readonly failure: RoadsFailure };
