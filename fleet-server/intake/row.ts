/** One row of a spreadsheet: what it says of a patient and a request, and what is wrong with it. */
import type { IntakeFault, IntakeField, IntakeRow, PlaceMatch, CarePlace, VisitPlace } from '@junkai/contracts';
import type { requestFields } from '@junkai/contracts';
import type { z } from 'zod';
import { treatments } from '../dispatch/care.ts';
import { isGarbled, plain, type Read } from './cells/cell.ts';
import { addDays, readDate, slashed, yearsBetween } from './cells/dates.ts';
import { DAYS_EXAMPLES, readDays, readWeekdays, type WantedDays } from './cells/days.ts';
import { readHours } from './cells/hours.ts';
import { readAge, readKana, readName, readPhone } from './cells/person.ts';
import { readRecurrence } from './cells/recurrence.ts';
import { readConsent, readEquipment, readMinutes, readNeed, readSex, readSpecialty, readUrgency } from './cells/words.ts';
import { personKeys } from './known.ts';
import type { Places } from './places/find.ts';

export type Values = Partial<Record<IntakeField, string>>;
export type IntakeRequest = Omit<z.infer<typeof requestFields>, 'patient'>;
export type ReadRow = Pick<IntakeRow, 'faults' | 'places' | 'patient' | 'request'> & {
	/** By which the same person is known: reading and date of birth, name and date of birth. */
	readonly persons: readonly string[];
};

export interface RowContext {
	readonly places: Places;
	/** In the region's time zone. */
	readonly today: string;
	/** Name of the file, for requests of which nobody is named. */
	readonly file: string;
	/** A place that a person chose for this row. */
	readonly place: CarePlace | null;
}

/** Fields without which a row is none. */
export const neededFields = ['name', 'birthDate', 'address', 'need', 'days'] as const satisfies readonly IntakeField[];

const EXAMPLES: Readonly<Partial<Record<IntakeField, string>>> = {
	name: '山本 花子',
	birthDate: 'S12.3.4, 昭和12年3月4日, 1937/3/4',
	address: '田辺市本宮町切畑123',
	need: '定期診察, 採血, 予防接種',
	days: DAYS_EXAMPLES,
};
const OLDEST = 120;
const LONGEST: Readonly<Partial<Record<IntakeField, number>>> = {
	address: 200,
	requestedBy: 100,
	organisation: 300,
	note: 300,
	chart: 64,
	insurance: 64,
};

/** Collects faults while the cells of one row are read. */
class Reading {
	readonly values: Values;
	readonly faults: IntakeFault[] = [];

	constructor(values: Values) {
		this.values = values;
	}

	text(field: IntakeField): string {
		return this.values[field]?.trim() ?? '';
	}

	fault(field: IntakeField | null, kind: IntakeFault['kind'], expected: string, severity: IntakeFault['severity'] = 'error'): void {
		const value = field === null ? '' : this.text(field);
		this.faults.push({ field, kind, value: value.slice(0, 500), expected: expected.slice(0, 500), severity });
	}

	/** The value of a cell; null when it is empty or wrong, which is then noted. */
	read<T>(field: IntakeField, read: (text: string) => Read<T>): T | null {
		const text = this.text(field);
		if (text === '') {
			if ((neededFields as readonly IntakeField[]).includes(field)) this.fault(field, 'missing', EXAMPLES[field] ?? '');
			return null;
		}
		if (isGarbled(text)) {
			this.fault(field, 'garbled', EXAMPLES[field] ?? '');
			return null;
		}
		const result = read(text);
		if (!result.ok) {
			this.fault(field, result.kind, result.expected);
			return null;
		}
		if (result.readAs !== undefined) this.fault(field, 'read-as', result.readAs, 'warning');
		return result.value;
	}

	/** Free words of a bounded length. */
	words(field: IntakeField): string {
		const text = this.text(field);
		const most = LONGEST[field] ?? 500;
		if (text.length > most) this.fault(field, 'too-long', String(most));
		else if (text.includes('\uFFFD')) this.fault(field, 'garbled', '');
		return text;
	}

	get faulty(): boolean {
		return this.faults.some(({ severity }) => severity === 'error');
	}
}

export function readRow(values: Values, context: RowContext): ReadRow {
	const reading = new Reading(values);
	const { place, matches } = readPlace(reading, context);
	const patient = readPatient(reading, place, context);
	const request = readRequest(reading, place, context);
	const whole = !reading.faulty;
	const born = readDate(reading.text('birthDate'));
	return {
		faults: reading.faults.slice(0, 40),
		places: matches,
		patient: whole ? patient : null,
		request: whole ? request : null,
		persons: born.ok ? personKeys(reading.text('kana'), reading.text('name'), born.value) : [],
	};
}

/** Where the patient lives: by the address, or as a person chose. */
function readPlace(reading: Reading, { places, place: chosen }: RowContext): { place: CarePlace | null; matches: PlaceMatch[] } {
	const address = reading.words('address');
	if (chosen !== null)
		return { place: { ...chosen, address: address === '' ? chosen.address : address }, matches: [...places.find(address).matches] };
	if (address === '') {
		reading.fault('address', 'missing', EXAMPLES.address!);
		return { place: null, matches: [] };
	}
	if (isGarbled(address)) {
		reading.fault('address', 'garbled', EXAMPLES.address!);
		return { place: null, matches: [] };
	}
	const { verdict, matches, prefecture } = places.find(address);
	const [first] = matches;
	const said = (match: PlaceMatch): string => match.municipality.ja + (match.how === 'municipality' ? '' : match.name.ja);
	if (verdict === 'outside') reading.fault('address', 'address-outside', prefecture ?? '');
	else if (verdict === 'ambiguous') reading.fault('address', 'address-ambiguous', matches.slice(0, 3).map(said).join(' / '));
	else if (verdict === 'unknown') reading.fault('address', 'address-unknown', matches.slice(0, 3).map(said).join(' / '));
	else if (first !== undefined && (first.how === 'fuzzy' || first.score < 0.9))
		reading.fault('address', 'read-as', said(first), 'warning');
	return { place: verdict === 'found' ? (first?.place ?? null) : null, matches: [...matches] };
}

function readPatient(reading: Reading, home: CarePlace | null, { today }: RowContext): ReadRow['patient'] {
	const name = reading.read('name', readName);
	const kana = reading.read('kana', readKana);
	const birthDate = reading.read('birthDate', readDate);
	checkAge(reading, birthDate, today);
	const sex = reading.read('sex', readSex);
	const phone = reading.read('phone', readPhone);
	const consent = reading.read('consent', readConsent);
	const [chart, insurance] = [reading.words('chart'), reading.words('insurance')];
	const note = reading.words('note');
	if (name === null || birthDate === null || home === null) return null;
	return {
		name,
		kana,
		birthDate,
		sex: sex ?? 'unknown',
		phone,
		home,
		identifiers: [
			...(chart === '' ? [] : [{ system: 'chart' as const, value: chart }]),
			...(insurance === '' ? [] : [{ system: 'insurance' as const, value: insurance }]),
		],
		consents: consent?.state == null ? [] : [{ scope: 'remote-care', state: consent.state, date: today, by: consent.by }],
		contact: null,
		note,
	};
}

function checkAge(reading: Reading, birthDate: string | null, today: string): void {
	const age = reading.read('age', readAge);
	if (birthDate === null) return;
	if (birthDate > today) return reading.fault('birthDate', 'birth-in-future', EXAMPLES.birthDate!);
	const years = yearsBetween(birthDate, today);
	if (years > OLDEST) return reading.fault('birthDate', 'out-of-range', `0~${OLDEST}`);
	if (age === null || age === years) return;
	// A list may be some months old, or count the year of birth as one.
	const severity = Math.abs(age - years) === 1 ? 'warning' : 'error';
	reading.fault('age', 'age-differs', String(years), severity);
}

function readRequest(reading: Reading, home: CarePlace | null, context: RowContext): IntakeRequest | null {
	const { today, file } = context;
	const need = reading.read('need', readNeed);
	const days = reading.read('days', (text) => readDays(text, today));
	checkDays(reading, days, today);
	const named = reading.read('weekdays', readWeekdays);
	const hours = reading.read('hours', readHours);
	const specialty = reading.read('specialty', readSpecialty);
	const equipment = reading.read('equipment', readEquipment);
	const minutes = reading.read('minutes', readMinutes);
	const recurrence = reading.read('recurrence', (text) => readRecurrence(text, today));
	const urgency = reading.read('urgency', readUrgency);
	const place = readVisitPlace(reading, home, context);
	if (recurrence?.until != null && days !== null && recurrence.until < days.from)
		reading.fault('recurrence', 'date-past', `${slashed(days.from)}~`);
	const weekdays = withinDays(reading, days, named);
	checkConsent(reading, need !== null && treatments[need].consult !== null);
	const [person, organisation] = [reading.words('requestedBy'), reading.words('organisation')];
	if (need === null || days === null || place === null) return null;
	return {
		need,
		specialty,
		equipment: equipment ?? [],
		doctor: null,
		institution: null,
		place,
		from: days.from,
		until: days.until,
		weekdays,
		hours: hours?.hours ?? null,
		preferred: hours?.preferred ?? null,
		minutes,
		urgency: urgency ?? 'routine',
		recurrence,
		requestedBy: { name: person || organisation.slice(0, 100) || file.slice(0, 100), ...(organisation !== '' && { organisation }) },
		note: '',
		state: 'open',
	};
}

/** So far ahead nobody asks for a visit; it is a slip of the year. */
const FARTHEST_DAYS = 400;

function checkDays(reading: Reading, days: WantedDays | null, today: string): void {
	if (days === null) return;
	if (days.until < today) reading.fault('days', 'date-past', `${slashed(today)}~`);
	else if (days.from > addDays(today, FARTHEST_DAYS))
		reading.fault('days', 'out-of-range', `~${slashed(addDays(today, FARTHEST_DAYS))}`);
}

/** The days of the week that are named must occur between the first and the last day. */
function withinDays(reading: Reading, days: WantedDays | null, named: number[] | null): number[] {
	if (days === null) return named ?? [];
	if (days.weekdays !== null) {
		if (named === null || named.length === 0) return [...days.weekdays];
		const both = days.weekdays.filter((day) => named.includes(day));
		if (both.length === 0) reading.fault('weekdays', 'out-of-range', reading.text('days'));
		return both;
	}
	if (named === null || named.length === 0) return [];
	for (let day = days.from, count = 0; day <= days.until && count < 7; day = addDays(day, 1), count++) {
		if (named.includes(new Date(`${day}T00:00:00Z`).getUTCDay())) return named;
	}
	reading.fault('weekdays', 'out-of-range', reading.text('days'));
	return named;
}

function checkConsent(reading: Reading, doctor: boolean): void {
	if (!doctor) return;
	const consent = readConsent(reading.text('consent'));
	if (reading.text('consent') === '' || (consent.ok && consent.value.state === null))
		reading.fault('consent', 'no-consent', '有', 'warning');
	else if (consent.ok && consent.value.state === 'refused') reading.fault('consent', 'no-consent', '有');
}

/** At home, at the settlement's meeting place, or somewhere that is named. */
function readVisitPlace(reading: Reading, home: CarePlace | null, { places }: RowContext): VisitPlace | null {
	const text = reading.text('place');
	const cell = plain(text).replaceAll(' ', '').toLowerCase();
	if (/^(?:|自宅|ご?自宅|居宅|在宅|訪問|本人宅|患者宅|家|home|-)$/.test(cell)) return { kind: 'home' };
	const settlements = places.gazetteer.settlements;
	if (/^(?:集会所|巡回場所|巡回診療場所|停車場所|集合場所|公民館|地区の?集会所|最寄り(?:の会場|の集会所)?|stop)$/.test(cell)) {
		if (home === null) return null;
		const settlement = settlements.find(({ facts }) => facts.id === home.settlement);
		if (settlement?.facts.stop !== undefined) return { kind: 'stop', settlement: settlement.facts.id };
		reading.fault('place', 'no-stop', '自宅');
		return null;
	}
	const { verdict, matches, prefecture } = places.find(text);
	const [first] = matches;
	const said = matches
		.slice(0, 3)
		.map((match) => match.municipality.ja + match.name.ja)
		.join(' / ');
	if (verdict === 'found' && first !== undefined) {
		const stop = settlements.find(
			({ facts, stop: name }) => facts.id === first.place.settlement && name !== null && facts.stop === text.trim(),
		);
		return stop === undefined ? { kind: 'elsewhere', place: first.place } : { kind: 'stop', settlement: stop.facts.id };
	}
	if (verdict === 'outside') reading.fault('place', 'address-outside', prefecture ?? '');
	else if (verdict === 'ambiguous') reading.fault('place', 'address-ambiguous', said);
	else reading.fault('place', 'unknown-word', said === '' ? '自宅, 集会所' : `自宅, 集会所, ${said}`);
	return null;
}
