import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServiceClock } from '../clock.ts';
import { openTestRecords, region, type TestRecords } from '../registry/test-records.ts';
import { IntakeError } from './intake-error.ts';
import { Intakes } from './intakes.ts';
import { createPlaces } from './places/find.ts';

let kept: TestRecords;
let intakes: Intakes;
let wall = 1_800_000_000_000;
beforeAll(() => {
	kept = openTestRecords();
	const clock = createServiceClock({ clockStart: '2026-11-24T08:30:00+09:00', clockSpeed: 1, clockFrom: undefined });
	intakes = new Intakes({ region, places: createPlaces(region), records: kept.records, clock, wall: () => wall });
});
afterAll(async () => {
	await intakes.stop();
	await kept.remove();
});

const LIST = '氏名,生年月日,住所,診療内容,希望日\r\n山本 花子,S12.3.4,田辺市本宮町切畑,採血,2026/11/25\r\n';
const body = Buffer.from(JSON.stringify({ file: 'a.csv', content: Buffer.from(LIST).toString('base64') }));
const read = async (by: string): Promise<string> => {
	const preview = await intakes.preview(body, by);
	if ('invalid' in preview) throw new Error('the body is valid');
	return preview.id;
};
const refusalOf = (step: Promise<unknown>): Promise<string> =>
	step.then(
		() => 'none',
		(error: unknown) => (error instanceof IntakeError ? error.refusal : String(error)),
	);

test('a preview waits an hour and no longer', async () => {
	const id = await read('a');
	wall += 3_599_000;
	expect(await refusalOf(intakes.fix(id, {}, 'a'))).toBe('none');
	wall += 2000;
	expect(intakes.waiting).toBe(0);
	expect(await refusalOf(intakes.takeIn(id, 'a'))).toBe('gone');
});

test('one person keeps a few files waiting, and does not push out those of others', async () => {
	const other = await read('b');
	const own: string[] = [];
	for (let i = 0; i < 5; i++) own.push(await read('a'));
	expect(intakes.waiting).toBe(5);
	expect(await refusalOf(intakes.fix(own[0]!, {}, 'a'))).toBe('gone');
	expect(await refusalOf(intakes.fix(own[4]!, {}, 'a'))).toBe('none');
	expect(await refusalOf(intakes.fix(other, {}, 'b'))).toBe('none');
});

test('two who accept the same list at once take it in once', async () => {
	const [mine, yours] = [await read('a'), await read('b')];
	const ends = await Promise.all([refusalOf(intakes.takeIn(mine, 'a')), refusalOf(intakes.takeIn(yours, 'b'))]);
	expect(ends.toSorted()).toEqual(['faulty', 'none']);
	expect(await kept.records.patients.all()).toHaveLength(1);
	expect(await kept.records.requests.list({})).toHaveLength(1);
});
