/** What is said of visits without a van, of moves that cannot be, and of what a move brings. */
import { blockingRules, withheldCauses, type Blocking, type EditConsequence, type UnassignedReason } from '@junkai/contracts';
import { createInstance, type TFunction } from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../../shared/i18n/en.ts';
import type { Language } from '../../../shared/i18n/format.ts';
import { ja } from '../../../shared/i18n/ja.ts';
import { consequenceWords } from './consequence.ts';
import { explain, forbiddenSentence, type SentenceWords } from './sentences.ts';

const fixed = new Map<Language, TFunction>();
beforeAll(async () => {
	for (const language of ['ja', 'en'] as const) {
		const i18n = createInstance();
		await i18n.init({
			lng: language,
			resources: { ja: { translation: ja }, en: { translation: en } },
			interpolation: { escapeValue: false },
		});
		fixed.set(language, i18n.t);
	}
});
const words = (language: Language, several = false): SentenceWords => ({
	t: fixed.get(language)!,
	language,
	names: {
		vehicle: (id) => (language === 'ja' ? `${id.slice(4)}号車` : `Van ${id.slice(4)}`),
		doctor: () => (language === 'ja' ? '田中医師' : 'Dr Tanaka'),
		person: () => (language === 'ja' ? '山本 花子さん' : 'Hanako Yamamoto'),
	},
	day: (date) => (several ? date : ''),
});

const reason: UnassignedReason = {
	visit: 7,
	withheld: null,
	blocking: null,
	blockingVan: null,
	remedy: null,
	remedyVan: null,
	equipment: [],
	specialty: 'cardiology',
	nearest: null,
	before: null,
};
const van = { vehicle: 'van-3', date: '2026-11-24' };
const units: Partial<Record<Blocking['rule'], NonNullable<Blocking['unit']>>> = {
	max_distance: 'm',
	max_tasks: 'tasks',
	max_trips: 'trips',
	series: 'days',
	load: 'units',
};
const blocked = (rule: Blocking['rule'], figured: boolean): Blocking => ({
	rule,
	vehicle: 4,
	doctor: 1,
	message: 'in English',
	...(figured && { by: 1620, unit: units[rule] ?? 's' }),
});

/** A whole sentence of that language, with every blank filled in. */
function expectSentence(text: string, language: Language): void {
	expect(text).not.toMatch(/\{\{|\}\}|undefined|null|planning\./);
	expect(text.trim()).toBe(text);
	expect(text, text).toMatch(language === 'ja' ? /^(?:[^a-z]|km)+。$/ : /^[A-Z].*\.$/);
	if (language === 'en') expect(text).not.toMatch(/[ぁ-んァ-ヶ一-龠]/);
}

describe.each(['ja', 'en'] as const)('in %s', (language) => {
	test.each(blockingRules)('rule %s: why, and what would help, with a figure and without one', (rule) => {
		for (const figured of [false, true]) {
			for (const several of [false, true]) {
				const full: UnassignedReason = {
					...reason,
					blocking: blocked(rule, figured),
					blockingVan: van,
					remedy: blocked(rule, figured),
					remedyVan: van,
					equipment: ['ultrasound'],
					nearest: { ...van, minutes: 93.4 },
					before: Date.parse('2026-11-24T11:00:00+09:00'),
				};
				const bare: UnassignedReason = {
					...reason,
					specialty: null,
					blocking: blocked(rule, figured),
					remedy: blocked(rule, figured),
				};
				for (const one of [full, bare, { ...full, remedy: null }]) {
					const { why, remedy } = explain(one, words(language, several));
					expect(why.length).toBeGreaterThan(0);
					for (const sentence of why) expectSentence(sentence, language);
					if (one.remedy === null) expect(remedy).toBeNull();
					else expectSentence(remedy!, language);
				}
			}
		}
	});

	test.each(withheldCauses)('never given to the planner: %s', (withheld) => {
		const { why, remedy } = explain({ ...reason, withheld }, words(language));
		for (const sentence of [...why, remedy!]) expectSentence(sentence, language);
	});

	test('a visit of which nothing was found out', () => {
		const { why, remedy } = explain(reason, words(language));
		expectSentence(why[0]!, language);
		expect(remedy).toBeNull();
	});

	const causes: EditConsequence['forbidden'][number]['cause'][] = [
		...blockingRules,
		'pinned-visit',
		'locked-route',
		'not-that-day',
		'no-shift',
	];
	test.each(causes)('a move that cannot be: %s', (cause) => {
		for (const by of [null, 900]) {
			for (const known of [true, false]) {
				const said = forbiddenSentence(
					{ cause, visit: known ? 7 : null, vehicle: known ? 'van-3' : null, doctor: known ? 1 : null, by },
					words(language),
				);
				expect(said).not.toMatch(/\{\{|\}\}|undefined|null|planning\./);
				expect(said.length).toBeGreaterThan(4);
			}
		}
	});
});

test('the van that is needed, by when, and how far the nearest is', () => {
	const wanted: UnassignedReason = {
		...reason,
		blocking: blocked('time_window', true),
		blockingVan: van,
		remedy: { rule: 'time_window', by: 1590, unit: 's', message: '' },
		remedyVan: van,
		equipment: ['ecg'],
		nearest: { ...van, minutes: 93.4 },
		before: Date.parse('2026-11-24T11:00:00+09:00'),
	};
	const inJapanese = explain(wanted, words('ja'));
	expect(inJapanese.why.join('')).toContain('心電計を積んだ車が11:00までに必要です。最寄りは3号車で、移動に94分かかります。');
	expect(inJapanese.remedy).toBe('希望の時間を27分広げれば、3号車が伺えます。');
	const inEnglish = explain(wanted, words('en'));
	expect(inEnglish.why.join(' ')).toContain('It needs a van with an ECG before 11:00. The nearest is Van 3, 94 min away.');
	expect(inEnglish.remedy).toBe('It fits Van 3 if the time asked for is 27 min wider.');
	expect(explain({ ...wanted, nearest: null }, words('ja')).why.join('')).toContain('心電計を積んで動く車がありません。');
});

test('where nothing keeps it out, a hand or more time is offered', () => {
	const idle: UnassignedReason = {
		...reason,
		blocking: blocked('priority', false),
		remedy: blocked('priority', false),
		remedyVan: van,
	};
	expect(explain(idle, words('ja')).remedy).toContain('3号車に手で置けます');
	expect(explain({ ...idle, remedyVan: null }, words('en')).remedy).toContain('more time');
	// Another visit has the place: that is another thing.
	expect(explain({ ...idle, remedy: null }, words('ja')).why[0]).toContain('優先度');
});

describe('what a move brings', () => {
	const consequence: EditConsequence = {
		possible: true,
		forbidden: [],
		travel: 14 * 60,
		distance: 8200,
		waiting: 20,
		cost: 1,
		shifted: [
			{ visit: 1, by: 300, vehicle: 'van-3' },
			{ visit: 2, by: 240, vehicle: 'van-3' },
			{ visit: 3, by: -600, vehicle: 'van-2' },
		],
		doctors: [{ doctor: 1, by: 360 }],
		route: [],
	};
	test('is told in few words, the worse marked', () => {
		const said = consequenceWords(consequence, words('ja'));
		expect(said.map(({ text }) => text)).toEqual([
			'移動 +14分',
			'距離 +8.2 km',
			'2件が遅れます',
			'1件が早まります',
			'田中医師の待ち +6分',
		]);
		expect(said.map(({ worse }) => worse)).toEqual([true, true, true, false, true]);
		expect(consequenceWords(consequence, words('en')).map(({ text }) => text)).toEqual([
			'Driving +14 min',
			'Distance +8.2 km',
			'2 visits later',
			'1 visit earlier',
			'Dr Tanaka waits +6 min',
		]);
	});
	test('of many doctors two are named; what is small is left out', () => {
		const many = {
			...consequence,
			travel: 20,
			distance: -100,
			shifted: [],
			doctors: [1, 2, 3, 4].map((doctor) => ({ doctor, by: doctor * 100 })),
		};
		expect(consequenceWords(many, words('en')).map(({ text }) => text)).toEqual([
			'Dr Tanaka waits +7 min',
			'Dr Tanaka waits +5 min',
			'the waiting of 2 more doctors changes',
		]);
		expect(consequenceWords({ ...many, doctors: [] }, words('ja'))).toEqual([]);
	});
});
