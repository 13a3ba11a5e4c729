/** People as they stand on paper. */
import type { DaySheets, Patient, StaffMember } from '@junkai/contracts';

type SheetPatient = NonNullable<DaySheets['vehicles'][number]['stops'][number]['visits'][number]['patient']>;

/** Whole years on a day, as the birthday is counted everywhere but in Japanese law, where a year is full the day before. */
export function ageOn(date: string, birth: string): number {
	const years = Number(date.slice(0, 4)) - Number(birth.slice(0, 4));
	return date.slice(5) < birth.slice(5) ? years - 1 : years;
}

export const fullName = ({ name }: Pick<StaffMember, 'name'>): string => `${name.family} ${name.given}`;

export function sheetPatient(patient: Patient, date: string): SheetPatient {
	const { id, name, kana, birthDate, sex, phone, contact, home, note } = patient;
	return {
		id,
		name,
		kana,
		age: ageOn(date, birthDate),
		sex,
		phone,
		contact: contact && { name: contact.name, relation: contact.relation ?? '', phone: contact.phone },
		address: home.address,
		note,
	};
}
