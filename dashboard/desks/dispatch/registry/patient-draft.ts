/** A patient while in the form. */
import type { CarePlace, Patient } from '@junkai/contracts';
import { consentScopes } from '@junkai/contracts';

type Scope = (typeof consentScopes)[number];
export interface ConsentDraft {
	scope: Scope;
	state: 'none' | 'given' | 'refused' | 'withdrawn';
	date: string;
	by: 'patient' | 'family' | 'guardian';
}

export interface PatientDraft {
	name: { family: string; given: string };
	kana: { family: string; given: string };
	birthDate: string;
	sex: Patient['sex'] | null;
	phone: string;
	home: CarePlace | null;
	identifiers: { system: Patient['identifiers'][number]['system']; value: string; of: string }[];
	consents: ConsentDraft[];
	contact: { name: string; relation: string; phone: string };
	note: string;
}

export const emptyPatient = (): PatientDraft => ({
	name: { family: '', given: '' },
	kana: { family: '', given: '' },
	birthDate: '',
	sex: null,
	phone: '',
	home: null,
	identifiers: [],
	consents: consentScopes.map((scope) => ({ scope, state: 'none', date: '', by: 'patient' })),
	contact: { name: '', relation: '', phone: '' },
	note: '',
});

export function patientDraft(patient: Patient): PatientDraft {
	const consents = new Map(patient.consents.map((consent) => [consent.scope, consent]));
	return {
		name: { ...patient.name },
		kana: patient.kana === null ? { family: '', given: '' } : { ...patient.kana },
		birthDate: patient.birthDate,
		sex: patient.sex,
		phone: patient.phone ?? '',
		home: patient.home,
		identifiers: patient.identifiers.map(({ system, value, of }) => ({ system, value, of: of ?? '' })),
		consents: consentScopes.map((scope) => consents.get(scope) ?? { scope, state: 'none', date: '', by: 'patient' }),
		contact:
			patient.contact === null
				? { name: '', relation: '', phone: '' }
				: { name: patient.contact.name, relation: patient.contact.relation ?? '', phone: patient.contact.phone },
		note: patient.note,
	};
}

const empty = (...texts: string[]): boolean => texts.every((text) => text.trim() === '');

/** Hiragana as katakana: kana is kept in one way of writing. */
export const toKatakana = (text: string): string =>
	text
		.normalize('NFKC')
		.replace(/[\u3041-\u3096]/g, (c) => String.fromCodePoint(c.codePointAt(0)! + 0x60))
		.trim();

export function patientBodyOf(draft: PatientDraft): unknown {
	const { kana, contact } = draft;
	return {
		name: draft.name,
		kana: empty(kana.family, kana.given) ? null : kana,
		birthDate: draft.birthDate,
		sex: draft.sex,
		phone: empty(draft.phone) ? null : draft.phone,
		home: draft.home,
		identifiers: draft.identifiers.map(({ system, value, of }) => ({ system, value, ...(empty(of) ? {} : { of }) })),
		consents: draft.consents.flatMap(({ state, ...consent }) => (state === 'none' ? [] : [{ ...consent, state }])),
		contact: empty(contact.name, contact.relation, contact.phone)
			? null
			: { name: contact.name, phone: contact.phone, ...(empty(contact.relation) ? {} : { relation: contact.relation }) },
		note: draft.note,
	};
}
