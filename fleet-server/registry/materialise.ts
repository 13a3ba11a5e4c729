/** Brings the visits of requests into line with them, within the batch that changes the requests. */
import type { CalendarDate, Visit, VisitRequest } from '@junkai/contracts';
import type { Batch } from './batch.ts';
import { gently } from './gentle.ts';
import type { RecordOf } from './kinds.ts';
import type { Reader } from './reader.ts';
import { RecordsError } from './records-error.ts';
import { seriesOf } from './series.ts';

export interface Days {
	readonly today: CalendarDate;
	readonly horizon: CalendarDate;
}

/** Visits of all requests that a batch creates, changes or takes out. */
export async function followRequests(batch: Batch, reader: Reader, days: Days): Promise<void> {
	const entries = batch.of('request');
	if (entries.length === 0) return;
	const known = entries.filter(({ before }) => before !== null).map(({ id }) => id);
	const visits = await visitsOf(reader, known);
	await gently(entries, ({ id, before, after, change }) => {
		const own = visits.get(id) ?? [];
		if (after === null) {
			for (const visit of own)
				if (visit.state === 'open' || visit.state === 'cancelled') batch.follow('visit', visit, null, change);
			return;
		}
		if (before !== null) checkPatient(before, after, own, change);
		follow(batch, after, own, days, change);
	});
}

/** Visits of requests that have come nearer. */
export async function extendRequests(batch: Batch, reader: Reader, requests: readonly VisitRequest[], days: Days): Promise<void> {
	const visits = await visitsOf(
		reader,
		requests.map(({ id }) => id),
	);
	await gently(requests, (request) => follow(batch, request, visits.get(request.id) ?? [], days, 0));
}

function follow(batch: Batch, request: VisitRequest, visits: readonly Visit[], { today, horizon }: Days, change: number): void {
	const { steps, nextDay } = seriesOf(request, visits, today, horizon);
	for (const { before, after } of steps) batch.follow('visit', before, after, change);
	batch.nextDay(request.id, nextDay);
}

async function visitsOf(reader: Reader, requests: readonly number[]): Promise<Map<number, Visit[]>> {
	if (requests.length === 0) return new Map();
	const where = 'request IN (SELECT value FROM json_each(?))';
	return Map.groupBy(await reader.select('visit', { where, values: [JSON.stringify(requests)] }), ({ request }) => request);
}

/** Whom a visit was planned or made for does not change afterwards. */
function checkPatient(before: RecordOf<'request'>, after: RecordOf<'request'>, visits: readonly Visit[], change: number): void {
	if (before.patient === after.patient) return;
	const held = visits.find(({ state }) => state !== 'open' && state !== 'cancelled');
	if (held === undefined) return;
	const message = `visit ${held.id} is ${held.state} for patient ${before.patient}; make a new request for the other patient`;
	throw new RecordsError('refers', `The request cannot be kept so: patient: ${message}.`, {
		kind: 'request',
		change,
		errors: [{ field: 'patient', message }],
	});
}
