import { expect, test } from 'vitest';
import type { Patient, Visit, VisitRequest } from '@junkai/contracts';
import { requestBody, patientBody } from '@junkai/contracts';
import { patientBodyOf, patientDraft } from './patient-draft.ts';
import type { RegionFacts } from './region-facts.ts';
import { requestBodyOf, requestDraft } from './request-draft.ts';
import { filteredRows, noFilters, rowsOf, visitNow } from './request-rows.ts';
import { allowedDays, spansOf } from './visit-days.ts';

const keeping = { version: 1, updated: 0, updatedBy: 'x' };
const patient: Patient = {
	...keeping,
	id: 1,
	name: { family: '山本', given: '花子' },
	kana: { family: 'ヤマモト', given: 'ハナコ' },
	birthDate: '1941-03-02',
	sex: 'female',
	phone: '0735-21-0001',
	home: { address: '本宮町本宮1', settlement: 'S1', location: [135.7, 33.8], precision: 'point' },
	identifiers: [{ system: 'chart', value: '77', of: '本宮さくら診療所' }],
	consents: [{ scope: 'remote-care', state: 'given', date: '2026-10-01', by: 'family' }],
	contact: { name: '山本 一郎', phone: '090-0000-0000' },
	note: '犬',
};
const request: VisitRequest = {
	...keeping,
	id: 5,
	patient: 1,
	need: 'memory',
	specialty: null,
	equipment: ['ecg'],
	doctor: null,
	institution: 'C26',
	place: { kind: 'home' },
	from: '2026-11-24',
	until: '2026-11-26',
	weekdays: [2, 4],
	hours: [['09:00', '12:00']],
	preferred: null,
	minutes: 40,
	urgency: 'routine',
	recurrence: { everyDays: 14, times: null, until: '2027-03-31', tolerance: 3 },
	requestedBy: { name: '谷', organisation: '本宮行政局' },
	note: '',
	state: 'open',
};
const visit = (nth: number, state: Visit['state'], from = '2026-11-24', until = '2026-11-26'): Visit => ({
	...keeping,
	id: nth,
	request: 5,
	patient: 1,
	nth,
	from,
	until,
	state,
	reason: null,
	note: '',
	planned: null,
	actual: null,
});
const named = (id: string, name: string, municipality: string | null) => ({
	id,
	name,
	text: name,
	kana: null,
	municipality,
	stop: null,
	location: [135.7, 33.8] as const,
});
const facts: RegionFacts = {
	name: '和歌山県',
	municipalities: new Map([['30206', named('30206', '田辺市', null)]]),
	settlements: new Map([['S1', named('S1', '本宮町本宮', '30206')]]),
	facilities: new Map(),
	limits: [],
};

test('a record goes into the form and out of it unchanged', () => {
	const { id: _id, version: _version, updated: _updated, updatedBy: _by, ...body } = request;
	expect(requestBody.parse(requestBodyOf(requestDraft(request)))).toEqual(body);
	for (const place of [
		{ kind: 'stop', settlement: 'S1' },
		{ kind: 'elsewhere', place: patient.home },
	] as const) {
		expect(requestBody.parse(requestBodyOf(requestDraft({ ...request, place }))).place).toEqual(place);
	}
	const { id: _id2, version: _version2, updated: _updated2, updatedBy: _by2, ...person } = patient;
	expect(patientBody.parse(patientBodyOf(patientDraft(patient)))).toEqual(person);
});

test('the visit that it is about is the next that is not over, else the last', () => {
	expect(visitNow([visit(3, 'open'), visit(1, 'done'), visit(2, 'planned')])?.nth).toBe(2);
	expect(visitNow([visit(1, 'done'), visit(2, 'not-done'), visit(3, 'cancelled')])?.nth).toBe(2);
	expect(visitNow([])).toBeNull();
});

test('rows are found by kana, place and state; what is overdue is said', () => {
	const rows = rowsOf(
		[request, { ...request, id: 6, urgency: 'urgent' }],
		new Map([[1, patient]]),
		[visit(1, 'open')],
		facts,
		'2026-11-27',
	);
	expect(rows.map(({ state, age }) => [state, age])).toEqual([
		['overdue', 85],
		['open', 85],
	]);
	const ids = (change: object) => filteredRows(rows, { ...noFilters, ...change }).map(({ request: { id } }) => id);
	expect(ids({})).toEqual([6, 5]);
	expect(ids({ text: 'やまもと　本宮' })).toEqual([6, 5]);
	expect(ids({ text: '073521' })).toEqual([6, 5]);
	expect(ids({ text: '鈴木' })).toEqual([]);
	expect(ids({ state: 'overdue' })).toEqual([5]);
	expect(ids({ municipality: '30206', urgency: 'urgent' })).toEqual([6]);
	expect(ids({ municipality: '30201' })).toEqual([]);
});

test('days of visits that return: wider by the leeway, shared where they would overlap, cut off at the end', () => {
	const days = { from: '2026-11-30', until: '2026-12-01' };
	const short = (recurrence: VisitRequest['recurrence']) =>
		spansOf({ ...days, recurrence }, 4).map(({ from, until }) => [from, until]);
	expect(short(null)).toEqual([['2026-11-30', '2026-12-01']]);
	expect(short({ everyDays: 14, times: 3, until: null, tolerance: 3 })).toEqual([
		['2026-11-30', '2026-12-01'],
		['2026-12-11', '2026-12-18'],
		['2026-12-25', '2027-01-01'],
	]);
	expect(short({ everyDays: 3, times: null, until: '2026-12-07', tolerance: 2 })).toEqual([
		['2026-11-30', '2026-12-01'],
		['2026-12-03', '2026-12-05'],
		['2026-12-06', '2026-12-07'],
	]);
	expect(allowedDays({ nth: 1, from: '2026-11-23', until: '2026-11-29' }, [2, 4])).toEqual(['2026-11-24', '2026-11-26']);
});
