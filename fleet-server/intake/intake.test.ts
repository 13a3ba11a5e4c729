/** Taking in spreadsheets over HTTP: what is kept, what is refused, and in which words. */
import { intakePreview, intakeResult, patient, placeAnswer, problem, visitRequest, type Role } from '@junkai/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestServer, type TestServer } from '../test-support.ts';
import { toCsv } from './template.ts';

let server: TestServer;
beforeAll(async () => {
	server = await startTestServer({ clockStart: '2026-11-23T08:00:00+09:00', clockSpeed: 1 });
});
afterAll(() => server?.stop());

const send = async (method: string, path: string, body?: unknown, role: Role | null = 'dispatcher') => {
	const headers = { 'content-type': 'application/json' };
	const init = body === undefined ? { method } : { method, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
	const response = await server.request(role, `/api/v1${path}`, init);
	const text = await response.text();
	return { status: response.status, answer: text === '' ? null : (JSON.parse(text) as unknown) };
};
const kept = async () => ({
	patients: z.array(patient).parse((await send('GET', '/patients')).answer),
	requests: z.array(visitRequest).parse((await send('GET', '/requests')).answer),
});

const TITLES = ['氏名', 'フリガナ', '生年月日', '住所', '電話番号', '診療内容', '希望日', '時間帯', '同意'];
const row = (name: string, kana: string, more: Partial<Record<string, string>> = {}): string[] => {
	const cells: Record<string, string> = {
		氏名: name,
		フリガナ: kana,
		生年月日: 'S12.3.4',
		住所: '田辺市本宮町切畑1',
		電話番号: '0735-21-0000',
		診療内容: '採血',
		希望日: '11/24～11/28',
		時間帯: '午前',
		同意: '有',
	};
	return TITLES.map((title) => more[title] ?? cells[title]!);
};
const upload = (rows: readonly (readonly string[])[], more: object = {}) => ({
	file: '希望.csv',
	content: Buffer.from(toCsv([TITLES, ...rows])).toString('base64'),
	...more,
});
const preview = async (rows: readonly (readonly string[])[]) => {
	const { status, answer } = await send('POST', '/intakes', upload(rows));
	expect(status).toBe(200);
	return intakePreview.parse(answer);
};

test('a preview keeps nothing; a faulty row keeps everything out; what is accepted is there whole', async () => {
	const rows = [row('山本 花子', 'ヤマモト ハナコ'), row('', 'モリ ミノル'), row('和田 文', 'ワダ フミ', { 時間帯: '25時' })];
	const { id, faulty } = await preview(rows);
	expect(faulty).toBe(2);
	expect(await kept()).toEqual({ patients: [], requests: [] });
	const refused = await send('POST', `/intakes/${id}/acceptance`);
	expect(refused.status).toBe(409);
	const said = problem.parse(refused.answer);
	expect(said.errors!.map(({ field }) => field)).toEqual(['content', 'rows.3', 'rows.4']);
	expect(said.errors![0]!.message).toMatch(/^faulty: 2 rows/);
	expect(await kept()).toEqual({ patients: [], requests: [] });

	const fixes = { cells: [{ row: 3, field: 'name', value: '森 実' }], skip: [4] };
	expect(intakePreview.parse((await send('PUT', `/intakes/${id}`, fixes)).answer).faulty).toBe(0);
	const taken = await send('POST', `/intakes/${id}/acceptance`);
	expect([taken.status, intakeResult.parse(taken.answer)]).toEqual([
		200,
		{ patients: 2, knownPatients: 0, requests: 2, visits: 2, skipped: 1 },
	]);
	const { patients, requests } = await kept();
	expect(patients.map(({ name }) => name.family + name.given)).toEqual(['山本花子', '森実']);
	expect(requests.map((request) => [request.patient, request.need, request.from, request.until])).toEqual(
		patients.map(({ id: number }) => [number, 'blood-test', '2026-11-24', '2026-11-28']),
	);
	// It is gone with that, so that nobody takes it in twice.
	const twice = await send('POST', `/intakes/${id}/acceptance`);
	expect([twice.status, problem.parse(twice.answer).errors![0]!.message]).toEqual([404, expect.stringMatching(/^gone: /)]);
});

test('who is kept is known again, and the same request is not taken twice', async () => {
	const again = await preview([
		row('山本 花子', 'ﾔﾏﾓﾄ ﾊﾅｺ'),
		row('山本 花子', 'やまもと はなこ', { 診療内容: '服薬確認', 住所: '古座川町高池1' }),
	]);
	expect(again.rows.map(({ known }) => known)).toEqual([1, 1]);
	expect(again.rows.map(({ faults }) => faults.map(({ kind }) => kind))).toEqual([['duplicate-row'], ['person-differs']]);
	await send('PUT', `/intakes/${again.id}`, { skip: [2] });
	const { answer } = await send('POST', `/intakes/${again.id}/acceptance`);
	expect(answer).toMatchObject({ patients: 0, knownPatients: 1, requests: 1, skipped: 1 });
	const { patients } = await kept();
	expect(patients[0]).toMatchObject({ version: 1, home: { address: '田辺市本宮町切畑1' } });
});

test('one person with two wishes is one patient', async () => {
	const { id } = await preview([row('原 一', 'ハラ ハジメ'), row('原 一', 'ハラ ハジメ', { 診療内容: 'インフルエンザ予防接種' })]);
	expect((await send('POST', `/intakes/${id}/acceptance`)).answer).toMatchObject({ patients: 1, requests: 2 });
});

test('a file is for the one who brought it', async () => {
	const { id } = await preview([row('南 進', 'ミナミ ススム')]);
	expect((await send('PUT', `/intakes/${id}`, {}, 'admin')).status).toBe(404);
	expect((await send('POST', `/intakes/${id}/acceptance`, undefined, 'admin')).status).toBe(404);
	expect((await send('PUT', `/intakes/${id}`, {})).status).toBe(200);
});

test('all rows left out: nothing to take in', async () => {
	const { id } = await preview([row('南 進', 'ミナミ ススム')]);
	await send('PUT', `/intakes/${id}`, { skip: [2] });
	const { status, answer } = await send('POST', `/intakes/${id}/acceptance`);
	expect([status, problem.parse(answer).errors![0]!.message]).toEqual([422, expect.stringMatching(/^nothing-left: /)]);
});

describe('bad input', () => {
	const content = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');
	test.each<[string, unknown, number, string, RegExp]>([
		['no body', '', 400, 'body', /JSON/],
		['no JSON', '{', 400, 'body', /JSON/],
		['no name', { content: content('a') }, 400, 'file', /./],
		['no Base64', { file: 'a.csv', content: 'ä' }, 400, 'content', /./],
		['an unknown encoding', { file: 'a.csv', content: content('a'), encoding: 'ebcdic' }, 400, 'encoding', /./],
		['an empty file', { file: 'a.csv', content: '' }, 422, 'content', /^empty: /],
		[
			'the old Excel',
			{ file: 'a.xls', content: content(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1)) },
			422,
			'content',
			/^old-excel: .*save it as/,
		],
		['a picture', { file: 'a.png', content: content(Uint8Array.of(0x89, 0x50, 0, 0)) }, 422, 'content', /^not-a-spreadsheet: /],
		['a broken workbook', { file: 'a.xlsx', content: content('PK\u0003\u0004xx') }, 422, 'content', /^damaged: /],
		['an open quote', { file: 'a.csv', content: content('氏名,住所\n"a,b\n') }, 422, 'content', /^damaged: /],
		[
			'the wrong encoding',
			{ file: 'a.csv', content: content('氏名,住所\na,b\n'), encoding: 'shift_jis' },
			422,
			'content',
			/^encoding: /,
		],
		[
			'too many rows',
			{ file: 'a.csv', content: content(`氏名,住所\n${'a,b\n'.repeat(5001)}`) },
			422,
			'content',
			/^too-many-rows: /,
		],
		[
			'a sheet that is not there',
			{ file: 'a.xlsx', content: content(Uint8Array.of(0x50, 0x4b, 3, 4)), sheet: 'x' },
			422,
			'content',
			/^damaged: /,
		],
		['too many bytes', { file: 'a.csv', content: 'YWFh'.repeat(3_999_999) }, 413, 'content', /^too-large: /],
	])('%s', async (_, body, status, field, message) => {
		const sent = await send('POST', '/intakes', body);
		const said = problem.parse(sent.answer);
		expect([sent.status, said.errors![0]!.field]).toEqual([status, field]);
		expect(said.errors![0]!.message).toMatch(message);
	});

	const NOWHERE = '00000000-0000-4000-8000-000000000000';
	test.each<[string, string, unknown, Role | null, number]>([
		['POST', '/intakes', upload([]), null, 401],
		['POST', '/intakes', upload([]), 'crew', 403],
		['POST', `/intakes/${NOWHERE}/acceptance`, undefined, 'doctor', 403],
		['POST', `/intakes/${NOWHERE}/acceptance`, undefined, 'dispatcher', 404],
		['POST', '/intakes/12/acceptance', undefined, 'dispatcher', 400],
		['PUT', `/intakes/${NOWHERE}`, {}, 'dispatcher', 404],
		['PUT', `/intakes/${NOWHERE}`, { cells: [{ row: 0, field: 'name', value: '' }] }, 'dispatcher', 400],
		['PUT', `/intakes/${NOWHERE}`, { cells: [{ row: 1, field: 'colour', value: '' }] }, 'dispatcher', 400],
		['PUT', `/intakes/${NOWHERE}`, { columns: { 0: 'colour' } }, 'dispatcher', 400],
		['PUT', `/intakes/${NOWHERE}`, { places: [{ row: 1, place: { address: 'x' } }] }, 'dispatcher', 400],
		['GET', '/intake-template?format=doc', undefined, 'dispatcher', 400],
		['GET', '/places', undefined, 'dispatcher', 400],
		['GET', '/places?lon=135', undefined, 'dispatcher', 400],
		['GET', '/places?lon=135&lat=99', undefined, 'dispatcher', 400],
		['GET', '/places?text=x', undefined, 'crew', 403],
	])('%s %s %o as %s: %i', async (method, path, body, role, status) => {
		expect((await send(method, path, body, role)).status).toBe(status);
	});
});

test('places over HTTP: by address, by point, and outside of the prefecture', async () => {
	const places = async (query: Record<string, string>) =>
		placeAnswer.parse((await send('GET', `/places?${new URLSearchParams(query).toString()}`)).answer);
	expect(await places({ text: '東牟婁郡本宮町切畑' })).toMatchObject({
		verdict: 'found',
		matches: [{ name: { ja: '本宮町切畑' }, how: 'old-name' }],
	});
	expect((await places({ lon: '135.76', lat: '33.878', limit: '2' })).matches.map(({ name }) => name.ja)).toEqual([
		'本宮町切畑',
		'本宮町土河屋',
	]);
	expect(await places({ text: '三重県津市' })).toEqual({ verdict: 'outside', matches: [], prefecture: '三重県' });
});

test.each(['csv-shift-jis', 'csv-utf-8', 'xlsx'])('the template %s is read back, its examples passed over', async (format) => {
	const response = await server.request('dispatcher', `/api/v1/intake-template?format=${format}`);
	expect(response.headers.get('content-disposition')).toMatch(/attachment; filename="junkai-template/);
	const bytes = Buffer.from(await response.arrayBuffer());
	const empty = await send('POST', '/intakes', { file: 'a', content: bytes.toString('base64') });
	expect(problem.parse(empty.answer).errors![0]!.message).toMatch(/^empty: /);
});

test('5,000 rows: others are answered while they are read', async () => {
	const digits = (at: number) => String(at).replaceAll(/\d/g, (digit) => '〇一二三四五六七八九'[Number(digit)]!);
	const born = (at: number) => `S${(at % 50) + 2}.${(at % 12) + 1}.${(at % 28) + 1}`;
	const rows = Array.from({ length: 5000 }, (_, at) => row(`山本 花${digits(at)}`, '', { 生年月日: born(at) }));
	const progress = { done: false };
	const reading = preview(rows).finally(() => (progress.done = true));
	let answered = 0;
	while (!progress.done) {
		expect((await send('GET', '/session')).status).toBe(200);
		answered++;
	}
	const { faulty, rows: all } = await reading;
	expect([faulty, all.length]).toEqual([0, 5000]);
	expect(answered).toBeGreaterThan(3);
}, 60_000);
