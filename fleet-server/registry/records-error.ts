/** Why a record is not kept, in a form that ends as a problem document. */
import type { KeptKind, Problem } from '@junkai/contracts';
import { FleetServerError } from '../errors.ts';

export type RecordRefusal =
	| 'stale' // it was changed since the version named; `current` is what it is now
	| 'unknown' // there is no such record
	| 'in-use' // others refer to it; the message says which
	| 'state' // it is not in a state in which this can be done; `current` is what it is now
	| 'refers' // it refers to what is not there, or contradicts itself; `errors` names the fields
	| 'invalid'; // it breaks its schema; `errors` names the fields

const statuses = { stale: 409, unknown: 404, 'in-use': 409, state: 409, refers: 422, invalid: 400 } as const;

/** A fleet server's error of the records: code `conflict` when somebody else was faster, `records` otherwise. */
export class RecordsError extends FleetServerError {
	readonly refusal: RecordRefusal;
	readonly kind: KeptKind;
	/** Place in the batch of the change that is refused. */
	readonly change: number;
	readonly errors: Problem['errors'];
	/** What is kept now, of the record that was to be changed. */
	readonly current: unknown;

	constructor(
		refusal: RecordRefusal,
		message: string,
		{ kind, change = 0, errors, current }: { kind: KeptKind; change?: number; errors?: Problem['errors']; current?: unknown },
	) {
		super(refusal === 'stale' ? 'conflict' : 'records', message);
		this.refusal = refusal;
		this.kind = kind;
		this.change = change;
		this.errors = errors;
		this.current = current;
	}

	/** Of the HTTP answer. */
	get status(): 400 | 404 | 409 | 422 {
		return statuses[this.refusal];
	}
}
