/** A doctor while in the form. */
import type { DoctorRecord, Specialty } from '@junkai/contracts';
import { filledPairs, type TimePair } from '../../../shared/records/date-field.tsx';
import { spanBodies, spanDrafts, type SpanDraft } from './span-fields.tsx';

export interface DoctorDraft {
	name: { ja: string; en: string };
	specialties: Specialty[];
	place: { outside: boolean; institution: string | null; from: string };
	weekly: { weekdays: number[]; hours: TimePair[] }[];
	extra: { date: string; hours: TimePair[] }[];
	absences: SpanDraft[];
	span: { on: boolean; from: string; until: string };
	surge: boolean;
	user: string;
	phone: string;
	note: string;
}

export const emptyDoctor = (surge: boolean): DoctorDraft => ({
	name: { ja: '', en: '' },
	specialties: [],
	place: { outside: false, institution: null, from: '' },
	weekly: [{ weekdays: [1, 2, 3, 4, 5], hours: [['09:00', '12:00']] }],
	extra: [],
	absences: [],
	span: { on: false, from: '', until: '' },
	surge,
	user: '',
	phone: '',
	note: '',
});

export const doctorDraft = (doctor: DoctorRecord): DoctorDraft => ({
	name: { ...doctor.name },
	specialties: [...doctor.specialties],
	place: { outside: doctor.institution === null, institution: doctor.institution, from: doctor.from },
	weekly: doctor.weekly.map(({ weekdays, hours }) => ({ weekdays: [...weekdays], hours: [...hours] })),
	extra: doctor.extra.map(({ date, hours }) => ({ date, hours: [...hours] })),
	absences: spanDrafts(doctor.absences),
	span: { on: doctor.span !== null, from: doctor.span?.from ?? '', until: doctor.span?.until ?? '' },
	surge: doctor.surge,
	user: doctor.user ?? '',
	phone: doctor.phone ?? '',
	note: doctor.note,
});

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

export function doctorBodyOf({ place, span, absences, user, phone, weekly, extra, ...draft }: DoctorDraft): unknown {
	return {
		...draft,
		// Who is in the region has an institution of it; none is said to be missing.
		institution: place.outside ? null : (place.institution ?? ''),
		from: place.from,
		weekly: weekly.map(({ weekdays, hours }) => ({ weekdays, hours: filledPairs(hours) })),
		extra: extra.map(({ date, hours }) => ({ date, hours: filledPairs(hours) })),
		absences: spanBodies(absences),
		span: span.on ? { from: span.from, until: span.until } : null,
		user: orNull(user),
		phone: orNull(phone),
	};
}
