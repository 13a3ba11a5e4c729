/** Why a spreadsheet cannot be read or taken in. */
import type { IntakeRefusal } from '@junkai/contracts';
import { FleetServerError } from '../errors.ts';

const statuses: Readonly<Partial<Record<IntakeRefusal, number>>> = { 'too-large': 413, gone: 404, faulty: 409, busy: 503 };

/** `refusal` says what it is in a word, for a desk to say in its language; the message says it in English, with what to do. */
export class IntakeError extends FleetServerError {
	readonly refusal: IntakeRefusal;
	readonly rows: readonly number[];

	constructor(
		refusal: IntakeRefusal,
		message: string,
		{ rows = [], ...options }: ErrorOptions & { rows?: readonly number[] } = {},
	) {
		super('unfit', message, options);
		this.refusal = refusal;
		this.rows = rows;
	}

	get status(): number {
		return statuses[this.refusal] ?? 422;
	}
}
