import { afterEach, expect, test } from 'vitest';
import { addDays } from '../calendar.ts';
import { conflictsBetween } from '../conflicts/index.ts';
import { openTestRecords, region, TODAY, type TestRecords } from '../test-records.ts';
import { seedDemo } from './seed.ts';

const size = { seed: 7, vans: 8, doctors: 6, visits: 60, date: TODAY, days: 5 };
const open: TestRecords[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.remove();
});
async function seeded(seed: number) {
	const kept = openTestRecords();
	open.push(kept);
	const counts = await seedDemo(kept.records, region, { ...size, seed });
	return { records: kept.records, counts };
}
const dump = async ({ records }: Awaited<ReturnType<typeof seeded>>) =>
	JSON.stringify([
		await records.patients.all(),
		await records.requests.list({}),
		await records.fleet.all(),
		await records.staff.all(),
		await records.shifts.all(),
		await records.doctors.all(),
	]);

test('a demonstration is the same for the same seed, another for another, and never put over what is kept', async () => {
	const [one, again, other] = [await seeded(7), await seeded(7), await seeded(8)];
	expect(await dump(again)).toBe(await dump(one));
	expect(await dump(other)).not.toBe(await dump(one));
	expect(await seedDemo(one.records, region, size)).toBeNull();
});

test('its vans, crews and doctors are those asked for, and its visits fall on its days', async () => {
	const { records, counts } = await seeded(7);
	expect((await records.fleet.all()).map(({ vehicle }) => vehicle)).toEqual(Array.from({ length: 8 }, (_, at) => `van-${at + 1}`));
	const doctors = await records.doctors.all();
	expect([doctors.filter(({ surge }) => !surge).length, doctors.filter(({ surge }) => surge).length]).toEqual([6, 2]);
	const outside = doctors.filter(({ institution }) => institution === null);
	expect(outside).toHaveLength(2);
	for (const { from } of outside) expect(from).toMatch(/架空/);
	const shifts = await records.shifts.all();
	expect(shifts.filter(({ weekdays }) => weekdays.includes(1) && !weekdays.includes(6))).toHaveLength(8);
	expect(shifts.filter(({ weekdays, surge }) => weekdays.includes(6) && !surge)).toHaveLength(4);
	// Tuesday to Friday whole days, Saturday a short one.
	for (const [index, expected] of [60, 60, 60, 60, 21].entries()) {
		const day = addDays(TODAY, index);
		const begin = (await records.visits.between(day, day)).filter(({ from }) => from === day);
		expect(Math.abs(begin.length - expected), day).toBeLessThanOrEqual(10);
	}
	expect(await conflictsBetween(records, TODAY, addDays(TODAY, 13), true), 'nothing contradicts the law').toEqual([]);
	const requests = await records.requests.list({});
	expect(counts).toEqual({ patients: requests.length, requests: requests.length, visits: await records.visits.count() });
	const repeated = requests.filter(({ recurrence }) => recurrence !== null).length;
	expect(repeated).toBeGreaterThan(requests.length / 3);
	expect(repeated).toBeLessThan((requests.length * 2) / 3);
});

test('its patients cannot be mistaken for people', async () => {
	const { records } = await seeded(7);
	const patients = await records.patients.all();
	const year = Number(TODAY.slice(0, 4));
	let old = 0;
	for (const { phone, home, identifiers, birthDate, contact, consents, kana } of patients) {
		expect(phone ?? '0735-00-0000').toMatch(/^0735-00-\d{4}$/);
		expect(contact?.phone ?? '0735-00-0000').toMatch(/^0735-00-\d{4}$/);
		expect(home.address).toMatch(/0-\d+$/);
		expect(identifiers[0]!.value).toMatch(/^DEMO-/);
		expect(kana?.family).toMatch(/^[ァ-ヶー]+$/);
		expect(consents.map(({ scope }) => scope)).toContain('remote-care');
		const age = year - Number(birthDate.slice(0, 4));
		if (age >= 60 && age < 101) old++;
	}
	expect(old / patients.length).toBeGreaterThan(0.9);
});
