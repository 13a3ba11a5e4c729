/** Names for the numbers of the day. What is not known yet is told by its number: never by nothing, never by a guess. */
import { useMemo } from 'react';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useFleet } from '../../../shared/live/live-context.tsx';
import { useDay, useDirectory } from './day-context.tsx';

export interface Names {
	van: (vehicle: string) => string;
	/** Of the visit's patient; null as long as it is not known. */
	patient: (visit: number) => string | null;
	/** The visit, by its patient or by its number. */
	visit: (visit: number) => string;
	doctor: (doctor: number) => string;
}

export function useNames(): Names {
	const { t, language } = useTexts();
	const { vehicles } = useFleet();
	const { plan } = useDay();
	const { visits, patients, doctors, fleet } = useDirectory();
	// A fleet tells of itself five times a second; its names change once a year.
	const vans = JSON.stringify(vehicles.map(({ id, name }) => [id, name]));
	const vanNames = useMemo(() => new Map(JSON.parse(vans) as [string, string][]), [vans]);
	return useMemo(() => {
		const planned = new Map(plan?.doctors.map(({ id, name }) => [id, name]));
		const patient = (visit: number): string | null => {
			const person = patients.get(visits.get(visit)?.patient ?? 0);
			return person === undefined ? null : `${person.name.family} ${person.name.given}`;
		};
		return {
			van: (vehicle) => vanNames.get(vehicle) ?? fleet.get(vehicle)?.name ?? vehicle,
			patient,
			visit: (visit) => patient(visit) ?? t('day.visitNumber', { number: visit }),
			doctor: (id) => {
				const name = doctors.get(id)?.name ?? planned.get(id);
				return name === undefined ? t('day.doctorNumber', { number: id }) : t('day.doctorName', { name: name[language] });
			},
		};
	}, [vanNames, plan, visits, patients, doctors, fleet, t, language]);
}
