/** Why a routing problem gets no plan, in a form that crosses threads and ends as a problem document or as VROOM's error. */
import type { Problem } from '@junkai/contracts';
import { FleetServerError } from '../errors.ts';

export interface Refusal {
	/** VROOM's code: 1 an error of ours, 2 of the input, 3 of the roads. */
	readonly code: 1 | 2 | 3;
	/** Of the HTTP answer. */
	readonly status: 400 | 409 | 422 | 500 | 503;
	readonly detail: string;
	/** Each field in fault, such as `jobs[3].time_windows[0]`. */
	readonly errors?: NonNullable<Problem['errors']>;
}

/** Nobody reads more. */
const MOST_ERRORS = 20;

/** A fleet server's error of the planner's service: a refusal, thrown. */
export class OptimizeError extends FleetServerError {
	readonly refusal: Refusal;

	constructor(refusal: Refusal, options?: ErrorOptions) {
		super('optimize', refusal.detail, options);
		this.refusal = { ...refusal, ...(refusal.errors && { errors: refusal.errors.slice(0, MOST_ERRORS) }) };
	}
}

/** The problem cannot be understood, or contradicts itself. */
export const inputError = (detail: string, errors: NonNullable<Problem['errors']>, cause?: unknown): OptimizeError =>
	new OptimizeError({ code: 2, status: 400, detail, errors }, { cause });

/** The problem is understood and cannot be solved so: a limit, a place, a closure. */
export const unusable = (
	detail: string,
	errors: NonNullable<Problem['errors']>,
	{ code = 2, cause }: { code?: 2 | 3; cause?: unknown } = {},
): OptimizeError => new OptimizeError({ code, status: 422, detail, errors }, { cause });

/** A longer path says nothing more, and may be as long as its sender likes. */
export const LONGEST_PATH = 200;

/** `jobs[3].time_windows[0]`, as errors name a field; `body` for the whole. */
export function fieldOf(path: readonly PropertyKey[]): string {
	let field = '';
	for (const key of path) {
		if (typeof key === 'number') field += `[${key}]`;
		else if (typeof key === 'string' && /^[A-Za-z_]\w*$/.test(key)) field += field === '' ? key : `.${key}`;
		else field += `[${JSON.stringify(String(key).slice(0, LONGEST_PATH))}]`;
		if (field.length > LONGEST_PATH) return `${field.slice(0, LONGEST_PATH)}…`;
	}
	return field === '' ? 'body' : field;
}
