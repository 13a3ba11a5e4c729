/** Spreadsheets of town offices: read, shown row by row with what is wrong, taken in whole or not at all. */
import { z } from 'zod';
import type { Operation } from '../operation.ts';
import { carePlace, patientBody } from './patients.ts';
import { recordNumber } from './record.ts';
import { requestFields } from './visits.ts';

const text = z.string().max(500);

/** Columns that a spreadsheet may have, whatever their headers are called. */
export const intakeFields = [
	'name',
	'kana',
	'birthDate',
	'age',
	'sex',
	'phone',
	'address',
	'chart',
	'insurance',
	'need',
	'specialty',
	'equipment',
	'days',
	'weekdays',
	'hours',
	'minutes',
	'recurrence',
	'urgency',
	'place',
	'consent',
	'requestedBy',
	'organisation',
	'note',
] as const;
export const intakeField = z.enum(intakeFields);
export type IntakeField = z.infer<typeof intakeField>;

/**
 * What is wrong with a cell, in a form that either language can say. `read-as` a person should look whether it was read rightly ·
 * `age-differs` age and date of birth contradict each other · `person-differs` the same person stands otherwise in another row or in
 * the records · `ambiguous-word` several known words fit · `no-stop` the settlement has no meeting place.
 */
export const intakeFaultKinds = [
	'missing',
	'not-a-date',
	'date-impossible',
	'date-past',
	'date-order',
	'birth-in-future',
	'not-a-time',
	'time-order',
	'unknown-word',
	'not-a-number',
	'out-of-range',
	'not-a-phone',
	'address-unknown',
	'address-ambiguous',
	'address-outside',
	'duplicate-row',
	'too-long',
	'no-consent',
	'garbled',
	'read-as',
	'age-differs',
	'person-differs',
	'ambiguous-word',
	'no-stop',
] as const;
export type IntakeFaultKind = (typeof intakeFaultKinds)[number];
export const intakeFault = z
	.object({
		field: intakeField.nullable(),
		kind: z.enum(intakeFaultKinds),
		value: text.meta({ description: 'What stands in the cell.' }),
		expected: text.meta({
			description: 'An example of what is expected, or the words that are known; how it was read; what stands elsewhere.',
		}),
		severity: z.enum(['error', 'warning']).meta({ description: 'A row with a warning can be taken in.' }),
	})
	.meta({ id: 'IntakeFault' });
export type IntakeFault = z.infer<typeof intakeFault>;

/** A place that an address may mean. */
export const placeMatch = z
	.object({
		place: carePlace,
		name: z.object({ ja: z.string(), en: z.string() }),
		municipality: z.object({ id: z.string(), ja: z.string(), en: z.string() }),
		stop: z.string().nullable().meta({ description: 'The named meeting place of the settlement.' }),
		score: z.number().min(0).max(1),
		how: z.enum(['exact', 'old-name', 'kana', 'fuzzy', 'municipality']),
	})
	.meta({ id: 'PlaceMatch' });
export type PlaceMatch = z.infer<typeof placeMatch>;

export const placeAnswer = z
	.object({
		verdict: z.enum(['found', 'ambiguous', 'unknown', 'outside']).meta({
			description:
				'found: one place and none near it; ambiguous: several are as good; unknown: `matches` may hold what it could be; outside: another prefecture.',
		}),
		matches: z.array(placeMatch).meta({ description: 'The best first.' }),
		prefecture: z.string().nullable().meta({ description: 'Which one, for outside.' }),
	})
	.meta({ id: 'PlaceAnswer' });
export type PlaceAnswer = z.infer<typeof placeAnswer>;

export const intakeRow = z
	.object({
		row: z.int().min(1).meta({ description: 'As the spreadsheet counts.' }),
		cells: z.array(text).max(60),
		values: z
			.partialRecord(intakeField, text)
			.meta({ description: 'What is read for each field: its cells, or what was put right by hand.' }),
		skipped: z.boolean(),
		faults: z.array(intakeFault).max(40),
		places: z.array(placeMatch).max(5).meta({ description: 'What the address may mean, the best first.' }),
		patient: patientBody.nullable().meta({ description: 'As it would be taken in; null when it cannot be.' }),
		known: recordNumber.nullable().meta({ description: 'A patient who is kept already and is the same person.' }),
		request: requestFields.omit({ patient: true }).nullable(),
	})
	.meta({ id: 'IntakeRow' });
export type IntakeRow = z.infer<typeof intakeRow>;

export const intakePreview = z
	.object({
		id: z.uuid().meta({ description: 'Names the file while it waits to be taken in; an hour at most.' }),
		file: text,
		sheet: text.nullable(),
		sheets: z.array(text).max(100).meta({ description: 'All that the file has; empty for CSV.' }),
		encoding: text,
		certainty: z
			.enum(['certain', 'likely', 'unsure'])
			.meta({ description: 'Of the encoding: it says so itself or nothing else can be read; it reads best so; look at the text.' }),
		headerRow: z.int().min(1).meta({ description: 'The row with the titles, as the spreadsheet counts.' }),
		absent: z.array(intakeField).meta({ description: 'Fields that every row needs and no column gives.' }),
		headers: z.array(z.object({ title: text, field: intakeField.nullable() })).max(60),
		rows: z.array(intakeRow).max(5000),
		faulty: z.int().meta({ description: 'Rows that keep the file from being taken in; those left out do not.' }),
		doubtful: z.int().meta({ description: 'Rows with a warning and no fault.' }),
	})
	.meta({ id: 'IntakePreview' });
export type IntakePreview = z.infer<typeof intakePreview>;

/** Cells put right by hand in the preview, and rows left out. */
export const intakeFixes = z
	.object({
		columns: z
			.record(z.string(), intakeField.nullable())
			.optional()
			.meta({ description: 'By number of the column from 0: what it is.' }),
		cells: z
			.array(z.object({ row: z.int().min(1), field: intakeField, value: text }))
			.max(5000)
			.optional(),
		places: z
			.array(z.object({ row: z.int().min(1), place: carePlace }))
			.max(5000)
			.optional(),
		skip: z.array(z.int().min(1)).max(5000).optional(),
	})
	.meta({ id: 'IntakeFixes' });
export type IntakeFixes = z.infer<typeof intakeFixes>;

export const intakeResult = z
	.object({ patients: z.int(), knownPatients: z.int(), requests: z.int(), visits: z.int(), skipped: z.int() })
	.meta({ id: 'IntakeResult' });
export type IntakeResult = z.infer<typeof intakeResult>;

/**
 * Why a file is refused. The problem's `errors` begin with one entry for the field `content` whose message is the word, a colon and
 * what it means in English; `faulty` names the rows after it, as fields `rows.12`.
 */
export const intakeRefusals = [
	'not-a-spreadsheet',
	'old-excel',
	'password',
	'encoding',
	'damaged',
	'empty',
	'no-such-sheet',
	'too-many-rows',
	'too-large',
	'busy',
	'gone',
	'faulty',
	'nothing-left',
] as const;
export type IntakeRefusal = (typeof intakeRefusals)[number];

/** Titles and two invented rows, to be filled in. */
export const templateFormats = ['csv-shift-jis', 'csv-utf-8', 'xlsx'] as const;
export type TemplateFormat = (typeof templateFormats)[number];

const planners = ['dispatcher', 'admin'] as const;
const byIntake = z.object({ intake: z.uuid() });
export const placeOperations = {
	findPlaces: {
		method: 'get',
		path: '/places',
		id: 'findPlaces',
		summary: 'Places of the region that an address may mean, or those nearest to a point',
		roles: planners,
		query: z.object({
			text: z.string().max(200).optional(),
			lon: z.coerce.number().min(-180).max(180).optional(),
			lat: z.coerce.number().min(-90).max(90).optional(),
			limit: z.coerce.number().int().min(1).max(20).default(8),
		}),
		responses: { 200: { description: 'What it may mean', schema: placeAnswer } },
	},
} as const satisfies Record<string, Operation>;

export const intakeOperations = {
	previewIntake: {
		method: 'post',
		path: '/intakes',
		id: 'previewIntake',
		summary: 'Read a spreadsheet (CSV or XLSX) and show each row with what is wrong; nothing is kept',
		roles: planners,
		body: z.object({
			file: z.string().trim().min(1).max(200).meta({ description: 'Its name.' }),
			content: z.base64().max(14_000_000).meta({ description: 'Its bytes in Base64.' }),
			encoding: z.enum(['auto', 'utf-8', 'shift_jis']).default('auto'),
			sheet: z.string().max(100).optional(),
		}),
		bodyLimit: 15 * 1024 * 1024,
		largeBody: true,
		problems: [413, 422, 503],
		responses: { 200: { description: 'The preview', schema: intakePreview } },
	},
	fixIntake: {
		method: 'put',
		path: '/intakes/{intake}',
		id: 'fixIntake',
		summary: 'Put cells and places right and read again; replaces earlier fixes',
		roles: planners,
		params: byIntake,
		body: intakeFixes,
		bodyLimit: 4 * 1024 * 1024,
		problems: [422],
		responses: { 200: { description: 'The preview', schema: intakePreview } },
	},
	takeIn: {
		method: 'post',
		path: '/intakes/{intake}/acceptance',
		id: 'takeIn',
		summary: 'Take all rows in that are not left out; refused whole while one of them is faulty',
		roles: planners,
		params: byIntake,
		problems: [409, 422],
		responses: { 200: { description: 'What was taken in', schema: intakeResult } },
	},
	getIntakeTemplate: {
		method: 'get',
		path: '/intake-template',
		id: 'getIntakeTemplate',
		summary: 'A spreadsheet with all columns and two invented rows, to be filled in',
		roles: planners,
		query: z.object({ format: z.enum(templateFormats) }),
		responses: { 200: { description: 'The file' } },
	},
} as const satisfies Record<string, Operation>;
