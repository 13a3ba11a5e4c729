/** Requests as rows of a table: joined with patient, place and the visit that comes next. */
import type { CalendarDate, CareNeed, Patient, Urgency, Visit, VisitRequest } from '@junkai/contracts';
import { ageOn } from '../../../shared/records/dates.ts';
import { foldText } from '../../../shared/records/search-select.tsx';
import { kanaText, patientName } from './record-words.ts';
import { placeOf, type Named, type RegionFacts } from './region-facts.ts';

export const rowStates = ['overdue', 'open', 'planned', 'under-way', 'not-done', 'done', 'closed', 'cancelled'] as const;
export type RowState = (typeof rowStates)[number];

export interface RequestRow {
	request: VisitRequest;
	patient: Patient | undefined;
	age: number | null;
	place: ReturnType<typeof placeOf>;
	municipality: Named | undefined;
	/** The visit that it is about now: the next one that is not over, else the last. */
	visit: Visit | null;
	state: RowState;
	/** For finding it. */
	key: string;
}

export interface Filters {
	text: string;
	state: RowState | null;
	municipality: string | null;
	need: CareNeed | null;
	urgency: Urgency | null;
	patient: number | null;
}

export const noFilters: Filters = { text: '', state: null, municipality: null, need: null, urgency: null, patient: null };

const isOver = ({ state }: Visit): boolean => state === 'done' || state === 'not-done' || state === 'cancelled';

/** The visit that comes next; when all are over the last of them. */
export function visitNow(visits: readonly Visit[]): Visit | null {
	const ordered = visits.toSorted((a, b) => a.nth - b.nth);
	return (
		ordered.find((visit) => !isOver(visit)) ?? ordered.findLast(({ state }) => state !== 'cancelled') ?? ordered.at(-1) ?? null
	);
}

function stateOf(request: VisitRequest, visit: Visit | null, today: CalendarDate): RowState {
	if (request.state === 'cancelled') return 'cancelled';
	if (request.state === 'closed') return 'closed';
	if (visit === null) return 'open';
	return visit.state === 'open' && visit.until < today ? 'overdue' : visit.state;
}

export function rowsOf(
	requests: readonly VisitRequest[],
	patients: ReadonlyMap<number, Patient>,
	visits: readonly Visit[],
	facts: RegionFacts,
	today: CalendarDate,
): RequestRow[] {
	const byRequest = Map.groupBy(visits, ({ request }) => request);
	return requests.map((request) => {
		const patient = patients.get(request.patient);
		const visit = visitNow(byRequest.get(request.id) ?? []);
		const place = placeOf(request.place, patient, facts);
		const municipality = facts.municipalities.get(place.settlement?.municipality ?? '');
		const words = [
			request.id,
			...(patient === undefined ? [] : [patientName(patient), kanaText(patient), patient.phone, patient.home.address]),
			place.address,
			place.settlement?.name,
			place.settlement?.kana,
			municipality?.name,
			request.requestedBy.name,
			request.requestedBy.organisation,
		];
		return {
			request,
			patient,
			age: patient === undefined ? null : ageOn(patient.birthDate, today),
			place,
			municipality,
			visit,
			state: stateOf(request, visit, today),
			key: foldText(words.filter(Boolean).join('\n')),
		};
	});
}

const weight: Readonly<Record<Urgency, number>> = { urgent: 0, soon: 1, routine: 2 };
const over: readonly RowState[] = ['done', 'closed', 'cancelled'];

/** What fits the filters: what is over last, urgent first, then by the day until which it has to be. */
export function filteredRows(rows: readonly RequestRow[], filters: Filters): RequestRow[] {
	const wanted = filters.text
		.split(/[\s　]+/)
		.map(foldText)
		.filter((word) => word !== '');
	const due = (row: RequestRow): string => row.visit?.until ?? row.request.until;
	return rows
		.filter(
			({ request, place, state, key }) =>
				(filters.state === null || state === filters.state) &&
				(filters.municipality === null || place.settlement?.municipality === filters.municipality) &&
				(filters.need === null || request.need === filters.need) &&
				(filters.urgency === null || request.urgency === filters.urgency) &&
				(filters.patient === null || request.patient === filters.patient) &&
				wanted.every((word) => key.includes(word)),
		)
		.toSorted(
			(a, b) =>
				Number(over.includes(a.state)) - Number(over.includes(b.state)) ||
				weight[a.request.urgency] - weight[b.request.urgency] ||
				due(a).localeCompare(due(b)) ||
				a.request.id - b.request.id,
		);
}
