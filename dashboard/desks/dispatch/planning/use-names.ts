import type { PlanPerson } from '@junkai/contracts';
import { useMemo } from 'react';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useFleet } from '../../../shared/live/live-context.tsx';
import { useRecords } from '../../../shared/records/use-records.ts';
import type { TimelineNames } from '../timeline/props.ts';

export interface PlanNames extends TimelineNames {
	/** Of the visit's patient, with a title; the visit's number as long as it is not known. */
	person: (visit: number) => string;
	doctor: (doctor: number) => string;
	/** Name of a patient by number; null when it is not known. */
	patientOf: (patient: number) => string | null;
}

/** So many patients are asked for by number, nobody else; more would not fit into an address. */
const fewPatients = 500;

/**
 * Who and what the numbers of a plan are. Names come from the records, only to those who may read them.
 * @param period days whose visits are named; null: none yet
 */
export function usePlanNames(period: { from: string; until: string } | null, doctors: readonly PlanPerson[]): PlanNames {
	const { t, language } = useTexts();
	const { vehicles } = useFleet();
	const { items: fleet } = useRecords('fleet-vehicle');
	const { byId: visits } = useRecords('visit', period && { ...period, limit: 20_000 });
	const wanted = useMemo(() => {
		const ids = [...new Set([...visits.values()].map(({ patient }) => patient))].toSorted((a, b) => a - b);
		return ids.length === 0 ? null : ids.length <= fewPatients ? { ids: ids.join(',') } : { limit: 10_000 };
	}, [visits]);
	const { byId: patients } = useRecords('patient', wanted);
	const { byId: doctorRecords } = useRecords('doctor');
	return useMemo(() => {
		const vans = new Map([
			...vehicles.map(({ id, name }) => [id, name] as const),
			...fleet.map((one) => [one.vehicle, one.name] as const),
		]);
		const planned = new Map(doctors.map(({ id, name }) => [id, name]));
		const patientOf = (id: number) => {
			const name = patients.get(id)?.name;
			return name === undefined ? null : `${name.family} ${name.given}`;
		};
		const patient = (visit: number) => {
			const found = visits.get(visit);
			return found === undefined ? null : patientOf(found.patient);
		};
		return {
			vehicle: (vehicle) => vans.get(vehicle) ?? vehicle,
			patient,
			patientOf,
			person: (visit) => {
				const name = patient(visit);
				return name === null ? t('timeline.visitNumber', { number: visit }) : t('planning.person', { name });
			},
			doctor: (doctor) => {
				const name = planned.get(doctor) ?? doctorRecords.get(doctor)?.name;
				return name === undefined
					? t('timeline.doctorUnknown', { number: doctor })
					: t('timeline.doctorName', { name: name[language] });
			},
		};
	}, [vehicles, fleet, visits, patients, doctorRecords, doctors, t, language]);
}
