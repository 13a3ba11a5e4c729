/** Records in the words of the desk. */
import type { FleetVehicle, Patient, PersonName, Recurrence, DoctorRecord } from '@junkai/contracts';
import type { Language } from '../../../shared/i18n/format.ts';
import type { useTexts } from '../../../shared/i18n/index.ts';
import { formatDate, formatShortDay } from '../../../shared/records/dates.ts';

export type T = ReturnType<typeof useTexts>['t'];

export const nameText = ({ family, given }: PersonName): string => `${family} ${given}`;
export const kanaText = (person: { kana: PersonName | null }): string => (person.kana === null ? '' : nameText(person.kana));
export const patientName = (patient: Patient): string => nameText(patient.name);
export const doctorName = (doctor: DoctorRecord, language: Language): string => doctor.name[language];
export const vehicleName = (id: string, fleet: readonly FleetVehicle[]): string =>
	fleet.find(({ vehicle }) => vehicle === id)?.name ?? id;

/** `2週間ごと 全6回`, `30日ごと 11/24(火)まで`, `1回のみ`. */
export function rhythmText(t: T, language: Language, recurrence: Recurrence | null): string {
	if (recurrence === null) return t('registry.requests.once');
	const { everyDays, times, until } = recurrence;
	const every =
		everyDays === 1
			? t('registry.requests.daily')
			: everyDays === 7
				? t('registry.requests.weekly')
				: everyDays % 7 === 0
					? t('registry.requests.everyWeeks', { count: everyDays / 7 })
					: t('registry.requests.everyDays', { count: everyDays });
	const end =
		times !== null
			? ` ${t('registry.requests.times', { count: times })}`
			: until !== null
				? ` ${t('registry.requests.until', { day: formatShortDay(until, language) })}`
				: '';
	return every + end;
}

/** `11/24(火)～11/30(月)`, or the one day. */
export const spanText = (t: T, language: Language, from: string, until: string, long = false): string => {
	const write = long ? formatDate : formatShortDay;
	return from === until
		? write(from, language)
		: t('registry.requests.days', { from: write(from, language), until: write(until, language) });
};
