/** Visits that are called off, and called for again. */
import type { Visit } from '@junkai/contracts';
import { bodyOf, type VisitBody } from './kinds.ts';
import { RecordsError } from './records-error.ts';
import type { Records } from './records.ts';

/** @throws {RecordsError} `stale`, `unknown`, or `state` for one that is under way or over. */
export function cancelVisit(records: Records, id: number, version: number, note: string, by: string): Promise<Visit> {
	return change(records, { id, version, by, from: ['open', 'planned'], cannot: 'called off' }, (visit) => ({
		...visit,
		state: 'cancelled',
		note: note === '' ? visit.note : note,
	}));
}

/** The undo of a cancel, and another try of a visit that was not done. @throws {RecordsError} as {@link cancelVisit}. */
export async function reopenVisit(records: Records, id: number, version: number, by: string): Promise<Visit> {
	const visit = await records.visits.get(id);
	const request = visit === null ? null : await records.requests.get(visit.request);
	if (request !== null && request.state !== 'open') {
		const message = `Its request ${request.id} is ${request.state}: open that again first.`;
		throw new RecordsError('state', message, { kind: 'visit', current: visit });
	}
	return change(
		records,
		{ id, version, by, from: ['cancelled', 'not-done'], cannot: 'opened again' },
		({ withRequest: _, ...body }) => ({
			...body,
			state: 'open',
			reason: null,
			planned: null,
			actual: null,
		}),
	);
}

interface Step {
	readonly id: number;
	readonly version: number;
	readonly by: string;
	readonly from: readonly Visit['state'][];
	readonly cannot: string;
}

async function change(
	records: Records,
	{ id, version, by, from, cannot }: Step,
	step: (body: VisitBody) => VisitBody,
): Promise<Visit> {
	const visit = await records.visits.get(id);
	if (visit === null) throw new RecordsError('unknown', `There is no visit ${id}.`, { kind: 'visit' });
	if (visit.version === version && !from.includes(visit.state)) {
		throw new RecordsError('state', `A visit that is ${visit.state} cannot be ${cannot}.`, { kind: 'visit', current: visit });
	}
	return records.keep({ kind: 'visit', op: 'update', id, version, body: step(bodyOf<'visit'>(visit)) }, by);
}
