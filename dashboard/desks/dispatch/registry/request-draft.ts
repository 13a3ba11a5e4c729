/** A request while it is in the form: every field as it is typed. */
import type { CalendarDate, CarePlace, CareNeed, EquipmentKind, Specialty, Urgency, VisitRequest } from '@junkai/contracts';
import { filledPairs, type TimePair } from '../../../shared/records/date-field.tsx';
import { numberOf } from '../../../shared/records/fields.tsx';

export interface RequestDraft {
	patient: number | null;
	need: CareNeed | null;
	specialty: Specialty | null;
	equipment: EquipmentKind[];
	doctor: number | null;
	institution: string | null;
	place: { kind: 'home' | 'stop' | 'elsewhere'; settlement: string | null; place: CarePlace | null };
	days: { from: string; until: string };
	weekdays: number[];
	hours: TimePair[];
	preferred: TimePair;
	minutes: string;
	urgency: Urgency;
	repeats: { on: boolean; everyDays: string; ends: 'never' | 'times' | 'until'; times: string; until: string; tolerance: string };
	requestedBy: { name: string; organisation: string; phone: string };
	note: string;
	state: VisitRequest['state'];
}

const once: RequestDraft['repeats'] = { on: false, everyDays: '14', ends: 'never', times: '6', until: '', tolerance: '3' };

/** A new one; an urgent one is for today. */
export const emptyRequest = (today: CalendarDate, urgent: boolean, patient: number | null): RequestDraft => ({
	patient,
	need: null,
	specialty: null,
	equipment: [],
	doctor: null,
	institution: null,
	place: { kind: 'home', settlement: null, place: null },
	days: urgent ? { from: today, until: today } : { from: '', until: '' },
	weekdays: [],
	hours: [],
	preferred: ['', ''],
	minutes: '',
	urgency: urgent ? 'urgent' : 'routine',
	repeats: once,
	requestedBy: { name: '', organisation: '', phone: '' },
	note: '',
	state: 'open',
});

export function requestDraft(request: VisitRequest): RequestDraft {
	const { place, recurrence, requestedBy } = request;
	return {
		patient: request.patient,
		need: request.need,
		specialty: request.specialty,
		equipment: [...request.equipment],
		doctor: request.doctor,
		institution: request.institution,
		place: {
			kind: place.kind,
			settlement: place.kind === 'stop' ? place.settlement : null,
			place: place.kind === 'elsewhere' ? place.place : null,
		},
		days: { from: request.from, until: request.until },
		weekdays: [...request.weekdays],
		hours: request.hours?.map(([from, to]): TimePair => [from, to]) ?? [],
		preferred: request.preferred ?? ['', ''],
		minutes: request.minutes === null ? '' : String(request.minutes),
		urgency: request.urgency,
		repeats:
			recurrence === null
				? once
				: {
						on: true,
						everyDays: String(recurrence.everyDays),
						ends: recurrence.times !== null ? 'times' : recurrence.until !== null ? 'until' : 'never',
						times: String(recurrence.times ?? once.times),
						until: recurrence.until ?? '',
						tolerance: String(recurrence.tolerance),
					},
		requestedBy: { name: requestedBy.name, organisation: requestedBy.organisation ?? '', phone: requestedBy.phone ?? '' },
		note: request.note,
		state: request.state,
	};
}

const optional = (key: string, text: string) => (text.trim() === '' ? {} : { [key]: text });

export function recurrenceBody({ on, everyDays, ends, times, until, tolerance }: RequestDraft['repeats']): unknown {
	if (!on) return null;
	return {
		everyDays: numberOf(everyDays),
		times: ends === 'times' ? (numberOf(times) ?? '') : null,
		until: ends === 'until' ? until : null,
		tolerance: numberOf(tolerance) ?? 0,
	};
}

/** What is sent. Not yet what the schema asks: that says what is wrong. */
export function requestBodyOf(draft: RequestDraft): unknown {
	const { place, days, repeats, requestedBy: by } = draft;
	const hours = filledPairs(draft.hours);
	const [preferred] = filledPairs([draft.preferred]);
	return {
		patient: draft.patient,
		need: draft.need,
		specialty: draft.specialty,
		equipment: draft.equipment,
		doctor: draft.doctor,
		institution: draft.institution,
		place:
			place.kind === 'home'
				? { kind: 'home' }
				: place.kind === 'stop'
					? { kind: 'stop', settlement: place.settlement }
					: { kind: 'elsewhere', place: place.place },
		from: days.from,
		until: days.until,
		weekdays: draft.weekdays,
		hours: hours.length === 0 ? null : hours,
		preferred: preferred ?? null,
		minutes: numberOf(draft.minutes),
		urgency: draft.urgency,
		recurrence: recurrenceBody(repeats),
		requestedBy: { name: by.name, ...optional('organisation', by.organisation), ...optional('phone', by.phone) },
		note: draft.note,
		state: draft.state,
	};
}
