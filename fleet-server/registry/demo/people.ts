/** Patients who do not exist, in places that do. Shares are assumptions of the demonstration. */
import type { CalendarDate, PatientBody } from '@junkai/contracts';
import type { Municipality, Settlement } from '@junkai/regions';
import type { Random } from '../../planner/random.ts';
import { addDays } from '../calendar.ts';
import { child, person } from './names.ts';

/** Numbers that no telephone has: 00 is not given out behind this area code. */
const phone = (random: Random): string => `0735-00-${digits(random, 4)}`;
const digits = (random: Random, count: number): string => String(random.below(10 ** count)).padStart(count, '0');

/** Ages at which people are cared for, and how many parts of all that is. */
const ages = [
	{ from: 60, to: 70, weight: 15 },
	{ from: 70, to: 80, weight: 30 },
	{ from: 80, to: 90, weight: 38 },
	{ from: 90, to: 100, weight: 14 },
	{ from: 20, to: 60, weight: 3 },
];
const YEAR_DAYS = 365.2425;
/** Degrees; houses lie about the middle of their settlement. */
const AROUND = 0.0007;
const notes = [
	'',
	'',
	'',
	'耳が遠いので大きな声で',
	'玄関は裏手、坂の上',
	'犬あり（つながれています）',
	'車は集会所前に停める',
	'足が悪く、玄関まで時間がかかる',
];

export interface Home {
	readonly settlement: Settlement;
	readonly municipality: Municipality;
}

export function patientOf({ settlement, municipality }: Home, number: number, today: CalendarDate, random: Random): PatientBody {
	const sex = random.below(100) < 58 ? 'female' : 'male';
	const age = ageOf(random);
	const { name, kana } = person(sex, age < 60 ? 'young' : 'old', random);
	const exact = random.below(100) < 30;
	const off = (): number => (random.real() - 0.5) * 2 * AROUND;
	const { lon, lat } = settlement;
	return {
		name,
		kana,
		birthDate: addDays(today, -Math.floor(age * YEAR_DAYS)),
		sex,
		phone: random.below(10) === 0 ? null : phone(random),
		home: {
			// No house in Japan has the number 0.
			address: `${municipality.district ?? ''}${municipality.name}${settlement.name}0-${1 + random.below(99)}`,
			settlement: settlement.id,
			location: exact ? [rounded(lon + off()), rounded(lat + off())] : [lon, lat],
			precision: exact ? 'point' : 'settlement',
		},
		identifiers: [
			{ system: 'chart', value: `DEMO-${String(number).padStart(5, '0')}` },
			...(random.below(10) < 8 ? [{ system: 'insurance' as const, value: `0000${digits(random, 4)}` }] : []),
		],
		consents: consentsOf(today, random),
		contact: age >= 60 && random.below(100) < 45 ? { ...child(name, random), phone: phone(random) } : null,
		note: notes[random.below(notes.length)]!,
	};
}

/** Years. */
function ageOf(random: Random): number {
	let rest = random.below(100);
	const { from, to } = ages.find(({ weight }) => (rest -= weight) < 0) ?? ages[0]!;
	return from + random.real() * (to - from);
}

function consentsOf(today: CalendarDate, random: Random): PatientBody['consents'] {
	const date = addDays(today, -30 - random.below(600));
	const by = random.below(5) === 0 ? 'family' : 'patient';
	const state = (given: number) => {
		const part = random.below(100);
		return part < given ? 'given' : part < given + 1 ? 'withdrawn' : 'refused';
	};
	return [
		{ scope: 'remote-care', state: state(98), date, by },
		{ scope: 'data-sharing', state: state(92), date, by },
		{ scope: 'recording', state: state(70), date, by },
	];
}

const rounded = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;
