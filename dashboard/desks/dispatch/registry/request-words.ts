/** Fields of a request in words, for what somebody else has changed. */
import { useCallback } from 'react';
import type { DoctorRecord, Patient } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import type { TimePair } from '../../../shared/records/date-field.tsx';
import { formatDate, weekdayName } from '../../../shared/records/dates.ts';
import { doctorName, patientName } from './record-words.ts';
import type { RegionFacts } from './region-facts.ts';
import type { RequestDraft } from './request-draft.ts';

const pairText = ([from, to]: TimePair): string => `${from}–${to}`;

export function useRequestWords(patients: readonly Patient[], doctors: readonly DoctorRecord[], facts: RegionFacts) {
	const { t, language } = useTexts();
	return useCallback(
		(key: keyof RequestDraft, draft: RequestDraft): { label: string; value: string } => {
			const none = t('registry.form.none');
			const any = t('registry.form.any');
			const list = (items: readonly string[], empty = none) => (items.length === 0 ? empty : items.join('、'));
			switch (key) {
				case 'patient': {
					const patient = patients.find(({ id }) => id === draft.patient);
					return { label: t('registry.request.patient'), value: patient === undefined ? none : patientName(patient) };
				}
				case 'need':
					return { label: t('registry.request.need'), value: draft.need === null ? none : t(`plan.need.${draft.need}`) };
				case 'specialty':
					return {
						label: t('registry.request.specialty'),
						value: draft.specialty === null ? t('registry.request.specialtyNone') : t(`registry.specialty.${draft.specialty}`),
					};
				case 'equipment':
					return {
						label: t('registry.request.equipment'),
						value: list(draft.equipment.map((kind) => t(`registry.equipment.${kind}`))),
					};
				case 'doctor': {
					const doctor = doctors.find(({ id }) => id === draft.doctor);
					return { label: t('registry.request.doctor'), value: doctor === undefined ? any : doctorName(doctor, language) };
				}
				case 'institution':
					return { label: t('registry.request.institution'), value: facts.facilities.get(draft.institution ?? '')?.text ?? any };
				case 'place': {
					const { kind, settlement, place } = draft.place;
					const where =
						kind === 'stop' ? facts.settlements.get(settlement ?? '')?.text : kind === 'elsewhere' ? place?.address : undefined;
					return {
						label: t('registry.request.place'),
						value: [t(`registry.request.placeKind.${kind}`), where].filter(Boolean).join(' '),
					};
				}
				case 'days':
					return {
						label: t('registry.request.when'),
						value: t('registry.requests.days', {
							from: formatDate(draft.days.from, language),
							until: formatDate(draft.days.until, language),
						}),
					};
				case 'weekdays':
					return {
						label: t('registry.request.weekdays'),
						value: list(
							draft.weekdays.map((day) => weekdayName(day, language)),
							any,
						),
					};
				case 'hours':
					return { label: t('registry.request.hours'), value: list(draft.hours.map(pairText), any) };
				case 'preferred':
					return { label: t('registry.request.preferred'), value: draft.preferred[0] === '' ? any : pairText(draft.preferred) };
				case 'minutes':
					return {
						label: t('registry.request.minutes'),
						value:
							draft.minutes === '' ? t('registry.request.specialtyNone') : `${draft.minutes} ${t('registry.request.minutesUnit')}`,
					};
				case 'urgency':
					return { label: t('registry.request.urgency'), value: t(`registry.urgency.${draft.urgency}`) };
				case 'repeats':
					return {
						label: t('registry.request.repeats'),
						value: draft.repeats.on ? `${draft.repeats.everyDays} ${t('registry.request.days')}` : t('registry.requests.once'),
					};
				case 'requestedBy':
					return {
						label: t('registry.request.asked'),
						value: list([draft.requestedBy.name, draft.requestedBy.organisation].filter(Boolean)),
					};
				case 'note':
					return { label: t('registry.request.note'), value: draft.note || none };
				case 'state':
					return { label: t('registry.request.state'), value: t(`registry.request.states.${draft.state}`) };
			}
		},
		[t, language, patients, doctors, facts],
	);
}
