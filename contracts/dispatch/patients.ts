/** People who are cared for, and where they live. Only who plans or gives their care may read this. */
import { z } from 'zod';
import { coordinates } from '../optimize.ts';
import { calendarDate } from './calendar.ts';
import { kept, recordOperations, recordNumber } from './record.ts';

const name = z.string().trim().min(1).max(60);
const text = z.string().trim().max(500);
export const personName = z.object({ family: name, given: name }).meta({ id: 'PersonName' });
export type PersonName = z.infer<typeof personName>;

/** Digits with or without hyphens, as people write them. */
export const phoneNumber = z
	.string()
	.trim()
	.regex(/^\+?\d[\d-]{7,17}$/, 'expected digits and hyphens, such as 0735-21-0000');

/** How sure it is that `location` is the place: a person put it there, the settlement's middle, the municipality's office. */
export const placePrecisions = ['point', 'settlement', 'municipality'] as const;
export const carePlace = z
	.object({
		address: z.string().trim().min(1).max(200),
		settlement: z.string().max(64).nullable().meta({ description: 'Id of the region’s settlement in which it lies.' }),
		location: coordinates,
		precision: z.enum(placePrecisions),
	})
	.meta({ id: 'CarePlace' });
export type CarePlace = z.infer<typeof carePlace>;

/** Number in somebody's books. The national personal number (マイナンバー) is not among them: nobody here may keep it. */
export const identifierSystems = ['chart', 'insurance', 'municipal'] as const;
export const identifier = z
	.object({
		system: z.enum(identifierSystems).meta({
			description: 'chart: number at an institution (`of`); insurance: symbol, number and branch; municipal: the town’s own.',
		}),
		value: z.string().trim().min(1).max(64),
		of: z.string().trim().max(100).optional(),
	})
	.meta({ id: 'PatientIdentifier' });

/** What a patient has agreed to. Without `remote-care` no doctor is booked to join a visit. */
export const consentScopes = ['remote-care', 'data-sharing', 'recording'] as const;
export const consentStates = ['given', 'refused', 'withdrawn'] as const;
export const consentRecord = z
	.object({
		scope: z.enum(consentScopes),
		state: z.enum(consentStates),
		date: calendarDate,
		by: z.enum(['patient', 'family', 'guardian']),
	})
	.meta({ id: 'ConsentRecord' });

export const patientBody = z
	.object({
		name: personName,
		kana: personName.nullable().meta({ description: 'In full-width katakana.' }),
		birthDate: calendarDate,
		sex: z.enum(['male', 'female', 'other', 'unknown']),
		phone: phoneNumber.nullable(),
		home: carePlace,
		identifiers: z.array(identifier).max(10),
		consents: z
			.array(consentRecord)
			.max(consentScopes.length)
			.refine((list) => new Set(list.map(({ scope }) => scope)).size === list.length, 'each scope once'),
		contact: z
			.object({ name: z.string().trim().min(1).max(100), relation: text.optional(), phone: phoneNumber })
			.nullable()
			.meta({ description: 'Whom to call beside the patient.' }),
		note: text.meta({ description: 'How to find and to meet the patient: a dog, a slope, hard of hearing.' }),
	})
	.meta({ id: 'PatientBody' });
export type PatientBody = z.infer<typeof patientBody>;
export const patient = z.object({ ...kept, ...patientBody.shape }).meta({ id: 'Patient' });
export type Patient = z.infer<typeof patient>;

const readers = ['dispatcher', 'admin', 'crew', 'doctor'] as const;
const writers = ['dispatcher', 'admin'] as const;
export const patientOperations = recordOperations({
	one: 'patient',
	many: 'patients',
	path: '/patients',
	noun: 'patient',
	body: patientBody,
	stored: patient,
	query: z.object({
		text: z.string().max(100).optional().meta({ description: 'Part of name, kana, address, phone or an identifier.' }),
		ids: z
			.string()
			.regex(/^\d+(,\d+)*$/)
			.transform((list) => list.split(',').map(Number))
			.pipe(z.array(recordNumber).max(1000))
			.optional(),
		limit: z.coerce.number().int().min(1).max(10_000).default(1000),
	}),
	read: readers,
	write: writers,
});
