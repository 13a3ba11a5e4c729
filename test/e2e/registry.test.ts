/** The dispatcher's records in a real browser on a real server: requests, patients, people and vans, and what forms say. */
import axe from 'axe-core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	needFacts,
	vehicleClassSizes,
	type DoctorRecord,
	type FleetVehicle,
	type Patient,
	type Shift,
	type StaffMember,
	type Visit,
	type VisitRequest,
} from '@junkai/contracts';
import { treatments } from '../../fleet-server/dispatch/care.ts';
import { vehicleClasses } from '../../fleet-server/roads/port.ts';
import { startTestServer, type TestServer } from '../../fleet-server/test-support.ts';
import { DESKTOP, TABLET, launch } from '../support/browser.ts';
import { until } from '../support/processes.ts';

let browser: Browser;
let server: TestServer;
const dashboardDir = process.env['JUNKAI_DASHBOARD_DIR'];

beforeAll(async () => {
	[browser, server] = await Promise.all([
		launch({ webgl: false }),
		// A Monday.
		startTestServer({ clockStart: '2026-11-23T07:30:00+09:00', ...(dashboardDir !== undefined && { dashboardDir }) }),
	]);
	await seed();
});
afterAll(async () => {
	await browser?.close();
	await server?.stop();
});

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
	const answer = await server.request('dispatcher', `/api/v1${path}`, {
		method,
		...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
	});
	if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
	return (await answer.json()) as T;
}

const home = { address: '田辺市本宮町本宮1', settlement: null, location: [135.77, 33.84], precision: 'point' };
const at = (day: string, time: string): number => Date.parse(`${day}T${time}:00+09:00`);
const kept: { patient: Patient; driver: StaffMember; nurse: StaffMember; vehicle: FleetVehicle; doctor: DoctorRecord } =
	{} as never;

const requestBody = (patient: number, change: object = {}) => ({
	patient,
	need: 'follow-up',
	specialty: null,
	equipment: [],
	doctor: null,
	institution: null,
	place: { kind: 'home' },
	from: '2026-11-24',
	until: '2026-11-26',
	weekdays: [],
	hours: null,
	preferred: null,
	minutes: null,
	urgency: 'routine',
	recurrence: null,
	requestedBy: { name: '保健師' },
	note: '',
	state: 'open',
	...change,
});

async function seed(): Promise<void> {
	const person = { base: 'C26', phone: null, surge: false, absences: [], note: '', kana: null };
	kept.vehicle = await ask('POST', '/fleet', {
		vehicle: 'van-1',
		name: '1号車',
		base: 'C26',
		class: 'truck',
		size: null,
		equipment: [],
		outages: [],
		note: '',
	});
	kept.driver = await ask('POST', '/staff', { ...person, name: { family: '玉置', given: '勇' }, roles: ['driver'] });
	kept.nurse = await ask('POST', '/staff', {
		...person,
		name: { family: '真砂', given: '静江' },
		roles: ['nurse'],
		absences: [{ from: at('2026-11-26', '00:00'), until: at('2026-11-27', '00:00'), reason: '研修' }],
	});
	kept.doctor = await ask('POST', '/doctors', {
		name: { ja: '田中 誠', en: 'Tanaka Makoto' },
		specialties: ['general'],
		institution: null,
		from: '大阪府',
		weekly: [{ weekdays: [1, 2, 3, 4, 5], hours: [['09:00', '12:00']] }],
		extra: [],
		absences: [],
		span: null,
		surge: false,
		user: null,
		phone: null,
		note: '',
	});
	kept.patient = await ask('POST', '/patients', {
		name: { family: '山本', given: '花子' },
		kana: { family: 'ヤマモト', given: 'ハナコ' },
		birthDate: '1941-03-02',
		sex: 'female',
		phone: '0735-21-0001',
		home,
		identifiers: [],
		consents: [],
		contact: null,
		note: '',
	});
}

interface Opening {
	user?: 'dispatcher' | 'admin';
	locale?: 'ja-JP' | 'en-GB';
	viewport?: typeof DESKTOP;
}

const contexts = new Map<string, BrowserContext>();

/** A dispatcher, or the administrator as the second person, signed in and on a page. What was loaded once is not loaded again. */
async function open(path: string, { user = 'dispatcher', locale = 'ja-JP', viewport = DESKTOP }: Opening = {}) {
	const key = JSON.stringify([user, locale, viewport]);
	let context = contexts.get(key);
	if (context === undefined) {
		context = await browser.newContext({ locale, viewport, timezoneId: 'Asia/Tokyo' });
		const [name, value] = (await server.cookie(user)).split('=') as [string, string];
		await context.addCookies([{ name, value, url: server.url }]);
		contexts.set(key, context);
	}
	const page = await context.newPage();
	page.setDefaultTimeout(15_000);
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	await page.goto(server.url + path);
	await page.locator('.registry-page:not([aria-busy])').waitFor();
	const close = async () => {
		// The next page begins in the language of the browser again.
		await page.evaluate(() => localStorage.clear());
		await page.close();
	};
	return { page, problems, close };
}

const field = (page: Page, name: string): Locator => page.locator(`.panel-layer:not([hidden]) [data-field="${name}"]`);
const fill = async (page: Page, name: string, text: string, nth = 0): Promise<void> => {
	const input = field(page, name).locator('input:not([tabindex="-1"]), textarea').nth(nth);
	await input.fill(text);
	await input.blur();
};
const choose = async (page: Page, name: string, text: string): Promise<void> => {
	await field(page, name).locator('input').first().fill(text);
	await field(page, name).locator('[role=option]:not([aria-disabled=true])').first().click();
};
const tick = (page: Page, name: string, text: string) => field(page, name).getByRole('radio', { name: text, exact: true }).check();
const save = (page: Page) => page.locator('.panel-layer:not([hidden]) button[type=submit]').click();
const saidOf = async (page: Page): Promise<Record<string, string>> =>
	Object.fromEntries(
		await page
			.locator('.panel-layer:not([hidden]) [data-faulty]')
			.evaluateAll((all) =>
				all.map((one) => [one.getAttribute('data-field'), one.querySelector('.form-fault')?.textContent?.trim() ?? '']),
			),
	) as Record<string, string>;

describe('requests', () => {
	test('a new patient with a visit that returns: typed as offices write, seen at once in a second browser', async () => {
		const other = await open('/dispatch/requests', { user: 'admin' });
		const { page, problems, close } = await open('/dispatch/requests');
		await page.getByText('依頼はまだありません。').waitFor();
		await page.keyboard.press('n');
		await page.getByRole('button', { name: '新しい患者を登録' }).click();
		await fill(page, 'name.family', '榎本');
		await fill(page, 'name.given', '千代');
		await fill(page, 'kana.family', 'えのもと');
		await fill(page, 'kana.given', 'ちよ');
		await fill(page, 'birthDate', 'Ｓ１６．３．２');
		expect(await field(page, 'birthDate').locator('input').first().inputValue()).toBe('昭和16年3月2日');
		expect(await page.getByTestId('age').innerText()).toBe('85歳');
		await tick(page, 'sex', '女');
		await fill(page, 'phone', '０７３５−２２−０００２');
		await choose(page, 'home', '本宮町本宮');
		await tick(page, 'consent-remote-care', '同意');
		await save(page);
		await until('the patient is chosen', async () => (await field(page, 'patient').locator('input').inputValue()) === '榎本 千代');

		await field(page, 'need').locator('select').selectOption('heart-failure');
		expect(await field(page, 'need').innerText()).toContain('循環器内科・標準の装備・32分');
		await fill(page, 'from', 'R8.11.30');
		await fill(page, 'until', '12/1');
		expect(await field(page, 'until').locator('input').first().inputValue()).toBe('令和8年12月1日(火)');
		await field(page, 'recurrence').getByText('くり返す').click();
		await fill(page, 'recurrence.everyDays', '１４');
		await tick(page, 'ends', '回数');
		await fill(page, 'recurrence.times', '3');
		expect((await page.getByTestId('preview').locator('li').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))).toEqual([
			'1 11/30(月)～12/1(火)',
			'2 12/11(金)～12/18(金)',
			'3 12/25(金)～1/1(金)',
		]);
		await fill(page, 'hours', '９時半', 0);
		await fill(page, 'hours', '1500', 1);
		await fill(page, 'requestedBy.name', '保健師 谷');
		await save(page);
		await page.getByText(/依頼\d+を保存しました/).waitFor();

		const [request] = (await ask<VisitRequest[]>('GET', '/requests')).slice(-1);
		expect(request).toMatchObject({
			need: 'heart-failure',
			from: '2026-11-30',
			until: '2026-12-01',
			hours: [['09:30', '15:00']],
			recurrence: { everyDays: 14, times: 3, until: null, tolerance: 3 },
		});
		const patient = await ask<Patient>('GET', `/patients/${request!.patient}`);
		expect(patient).toMatchObject({
			kana: { family: 'エノモト', given: 'チヨ' },
			birthDate: '1941-03-02',
			phone: '0735-22-0002',
			consents: [{ scope: 'remote-care', state: 'given', date: '2026-11-23', by: 'patient' }],
		});
		expect(patient.home.settlement).not.toBeNull();
		await page.getByTestId('visits').locator('li').nth(2).waitFor();
		// The days that the form showed are those that the server made.
		const visits = (await ask<Visit[]>('GET', `/visits?patient=${request!.patient}`)).filter((one) => one.request === request!.id);
		expect(visits.map((one) => [one.from, one.until])).toEqual([
			['2026-11-30', '2026-12-01'],
			['2026-12-11', '2026-12-18'],
			['2026-12-25', '2027-01-01'],
		]);
		const row = other.page.locator(`[data-request="${request!.id}"]`);
		await row.waitFor();
		expect(await row.innerText()).toMatch(
			/榎本 千代 ?85歳[\s\S]*エノモト チヨ[\s\S]*心不全の診察[\s\S]*2週間ごと 全3回[\s\S]*未計画/,
		);
		expect([...problems, ...other.problems]).toEqual([]);
		await Promise.all([close(), other.close()]);
	});

	test('what two people change in one request is kept from both, and neither is written over', async () => {
		const request = await ask<VisitRequest>('POST', '/requests', requestBody(kept.patient.id, { note: '犬がいる' }));
		const path = `/dispatch/requests?request=${request.id}`;
		const [one, two] = [await open(path), await open(path, { user: 'admin' })];
		await fill(one.page, 'note', '坂の上');
		await fill(one.page, 'minutes', '40');
		await fill(two.page, 'note', '門は裏');
		await tick(two.page, 'urgency', '早め');
		await save(two.page);
		const changed = one.page.getByTestId('changed');
		await changed.waitFor();
		const said = await changed.innerText();
		expect(said).toContain('adminさんが変更しました');
		expect(said).toMatch(/備考\s+adminさん：門は裏\s+自分：坂の上/);
		expect(said).toMatch(/緊急度\s+adminさん：早め/);
		expect(await one.page.locator('button[type=submit]').isDisabled()).toBe(true);
		await changed.getByRole('button', { name: '自分の変更を残す' }).click();
		await save(one.page);
		await until('both are kept', async () => {
			const now = await ask<VisitRequest>('GET', `/requests/${request.id}`);
			return now.note === '坂の上' && now.minutes === 40 && now.urgency === 'soon';
		});
		// The second one has nothing unsaved: it shows what the first has made of it, by itself.
		await until(
			'the second browser follows',
			async () => (await field(two.page, 'note').locator('textarea').inputValue()) === '坂の上',
		);
		expect([...one.problems, ...two.problems]).toEqual([]);
		await Promise.all([one.close(), two.close()]);
	});

	test('a visit is called off with a note, and called back', async () => {
		const request = await ask<VisitRequest>('POST', '/requests', requestBody(kept.patient.id));
		const { page, close } = await open(`/dispatch/requests?request=${request.id}`);
		const visit = page.locator('[data-visit="1"]');
		await visit.getByRole('button').click();
		await visit.getByRole('textbox').fill('入院');
		await page.keyboard.press('Enter');
		await visit.getByText('入院').waitFor();
		const visitNow = async () =>
			(await ask<Visit[]>('GET', `/visits?patient=${kept.patient.id}`)).find((one) => one.request === request.id);
		expect(await visitNow()).toMatchObject({ state: 'cancelled', note: '入院' });
		await page.getByRole('button', { name: '元に戻す' }).click();
		await page.getByText('元に戻しました。').waitFor();
		expect(await visitNow()).toMatchObject({ state: 'open' });

		// The whole request likewise: its visits that are still to come go with it, and come back with it.
		await page.getByRole('button', { name: '依頼を取り消す' }).click();
		await page.getByLabel('理由').fill('転居');
		await page.keyboard.press('Enter');
		await page.getByText(`依頼${request.id}を取り消しました。`).waitFor();
		expect(await ask('GET', `/requests/${request.id}`)).toMatchObject({ state: 'cancelled', note: '取消: 転居' });
		expect(await visitNow()).toMatchObject({ state: 'cancelled' });
		await page.getByRole('button', { name: '元に戻す' }).click();
		await page.getByText('元に戻しました。').waitFor();
		expect(await ask('GET', `/requests/${request.id}`)).toMatchObject({ state: 'open', note: '' });
		expect(await visitNow()).toMatchObject({ state: 'open' });
		await close();
	});

	test('by keyboard: find, walk, open, close; unsaved changes are asked for', async () => {
		await ask('POST', '/requests', requestBody(kept.patient.id, { urgency: 'urgent', need: 'x-ray' }));
		const { page, close } = await open('/dispatch/requests');
		await page.locator('[data-index="0"]').waitFor();
		await page.keyboard.press('f');
		await page.keyboard.type('やまもと');
		await until('only hers are left', async () => !(await page.locator('.request-scroll').innerText()).includes('榎本'));
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: /^依頼 \d+/ }).waitFor();
		await fill(page, 'note', '変更');
		await page.keyboard.press('Escape');
		await page.getByRole('alertdialog').getByRole('button', { name: '変更を破棄' }).click();
		await page.locator('.editor').waitFor({ state: 'detached' });
		await page.getByLabel('内容', { exact: true }).selectOption('x-ray');
		await page.getByText(/件中 1件/).waitFor();
		await close();
	});
});

describe('people and vans', () => {
	test('a shift is added by a click into the calendar; a rest that is too short is said before and after it is saved', async () => {
		const { page, problems, close } = await open('/dispatch/resources');
		const cell = page.locator(`[data-row="vehicle-${kept.vehicle.id}"] td[data-day="2026-11-24"]`);
		await cell.hover();
		await cell.locator('.cell-add').click();
		await choose(page, 'driver', '玉置');
		await choose(page, 'nurse', '真砂');
		await fill(page, 'until', '11/27');
		for (const day of ['水', '木', '金']) await field(page, 'weekdays').getByText(day, { exact: true }).click();
		await fill(page, 'hours', '17:45', 1);
		const warned = page.getByTestId('shift-warnings');
		await warned.locator('[data-conflict="rest-too-short"]').waitFor();
		expect(await warned.innerText()).toContain('法定より15分短く');
		expect(await warned.locator('[data-conflict="staff-absent"]').innerText()).toMatch(/真砂 静江さんは不在.*11\/26\(木\)/);
		await save(page);
		await page.locator('.conflicts [data-conflict="rest-too-short"]').waitFor();
		expect(await page.locator('.conflicts [data-conflict="staff-absent"]').innerText()).toContain('対処：別の人に替える');
		await until('the cell shows it', async () => (await cell.locator('.item[data-conflict="error"]').count()) === 1);
		await fill(page, 'rest.minutes', '60');
		await save(page);
		await page.locator('.conflicts [data-conflict="rest-too-short"]').waitFor({ state: 'detached' });

		await page.getByRole('button', { name: '写す', exact: true }).click();
		await page.getByText('令和8年11月30日(月)～令和8年12月6日(日)に写しました。').waitFor();
		const shifts = await ask<Shift[]>('GET', '/shifts');
		expect(shifts.map(({ from, until: last, weekdays }) => [from, last, weekdays])).toEqual([
			['2026-11-24', '2026-11-27', [2, 3, 4, 5]],
			['2026-11-30', '2026-12-06', [2, 3, 4, 5]],
		]);
		await page.getByRole('button', { name: '元に戻す' }).click();
		await until('the copy is gone', async () => (await ask<Shift[]>('GET', '/shifts')).length === 1);
		expect(problems).toEqual([]);
		await close();
	});

	test('a doctor from outside is marked; an absence is added on a day, and seen in a second browser', async () => {
		const path = '/dispatch/resources?tab=doctors';
		const [one, two] = [await open(path), await open(path, { user: 'admin', locale: 'en-GB' })];
		const row = `[data-row="doctor-${kept.doctor.id}"]`;
		await one.page.locator(`${row} .chip-outside`).waitFor();
		const cell = `${row} td[data-day="2026-11-25"]`;
		await one.page.locator(cell).hover();
		await one.page.locator(`${cell} .cell-add`).click();
		await fill(one.page, 'absences.0.reason', '学会');
		await save(one.page);
		await two.page.locator(`${cell} .item-absence`).waitFor();
		expect(await two.page.locator(`${cell} .item-absence`).innerText()).toMatch(/Absent[\s\S]*学会/);
		const doctor = await ask<DoctorRecord>('GET', `/doctors/${kept.doctor.id}`);
		expect(doctor.absences).toEqual([{ from: at('2026-11-25', '00:00'), until: at('2026-11-26', '00:00'), reason: '学会' }]);
		await Promise.all([one.close(), two.close()]);
	});

	test('a van says which roads are too narrow for it', async () => {
		const { page, close } = await open('/dispatch/resources');
		await page.locator(`[data-row="vehicle-${kept.vehicle.id}"] th button`).click();
		expect(await page.getByTestId('bars').innerText()).toMatch(/幅2\.49 mのため、狭い道\d+区間（計[1-9]\d* km）を通れません/);
		await tick(page, 'class', '軽バン');
		expect(await page.getByTestId('bars').innerText()).toContain('すべての道を通れます');
		await close();
	});
});

const fillIn = '入力してください。';
const pick = '選択してください。';

describe('every form says what is missing, beside the field and in the language of the page', () => {
	const forms = [
		{
			form: 'request',
			path: '/dispatch/requests?new=routine',
			start: null,
			missing: { patient: fillIn, need: pick, from: fillIn, until: fillIn, 'requestedBy.name': fillIn },
		},
		{
			form: 'patient',
			path: '/dispatch/requests?new=routine',
			start: '新しい患者を登録',
			missing: { 'name.family': fillIn, 'name.given': fillIn, birthDate: fillIn, sex: pick, home: fillIn },
		},
		{
			form: 'vehicle',
			path: '/dispatch/resources',
			start: '車両を追加',
			missing: { name: fillIn, vehicle: fillIn, base: fillIn },
		},
		{
			form: 'staff',
			path: '/dispatch/resources?tab=crews',
			start: '乗務員を追加',
			missing: { 'name.family': fillIn, 'name.given': fillIn, roles: pick, base: fillIn },
		},
		{
			form: 'doctor',
			path: '/dispatch/resources?tab=doctors',
			start: '医師を追加',
			missing: { 'name.ja': fillIn, 'name.en': fillIn, specialties: pick, institution: fillIn },
		},
		{
			form: 'shift',
			path: '/dispatch/resources',
			start: '勤務を追加',
			missing: { vehicle: fillIn, from: fillIn, until: fillIn },
		},
	] as const;

	test.each(forms)('$form', async ({ path, start, missing }) => {
		const { page, close } = await open(path);
		if (start !== null) await page.getByRole('button', { name: start }).click();
		await page.locator('.editor:visible').first().waitFor();
		expect(await saidOf(page)).toEqual({});
		await save(page);
		expect(await saidOf(page)).toEqual(missing);
		// Whoever saves is taken to the first of them.
		const first = await page.evaluate(() => document.activeElement?.closest('[data-field]')?.getAttribute('data-field'));
		expect(Object.keys(missing)).toContain(first);
		await page.getByRole('button', { name: 'English' }).click();
		const inEnglish = new Set(Object.values(await saidOf(page)));
		expect([...inEnglish].every((text) => text === 'Please fill this in.' || text === 'Please choose.')).toBe(true);
		await close();
	});

	test('what cannot be read is said in words', async () => {
		const { page, close } = await open('/dispatch/requests?new=routine');
		await field(page, 'recurrence').getByText('くり返す').click();
		const tries = [
			['from', ['来週あたり'], /日付として読めません/],
			['from', ['平成32年1月1日'], /日付として読めません/],
			['minutes', ['三十分'], /数字で入力/],
			['minutes', ['2.5'], /整数で入力/],
			['minutes', ['3'], /5以上/],
			['minutes', ['900'], /240以下/],
			['hours', ['朝', '12:00'], /時刻として読めません/],
			['hours', ['12:00', '9:00'], /終了時刻は開始時刻より後/],
			['preferred', ['10:00', ''], fillIn],
			['recurrence.everyDays', ['0'], /1以上/],
			['recurrence.tolerance', ['99'], /60以下/],
			['note', ['あ'.repeat(501)], /500文字以内/],
		] as const;
		for (const [name, texts, said] of tries) {
			for (const [index, text] of texts.entries()) await fill(page, name, text, index);
			expect((await saidOf(page))[name], `${name} ${texts.join(' ').slice(0, 20)}`).toMatch(said);
			for (const index of texts.keys()) await fill(page, name, '', index);
		}
		await fill(page, 'from', '11/30');
		await fill(page, 'until', '11/24');
		expect((await saidOf(page))['until']).toBe('終わりの日が始まりの日より前です。');
		await page.getByRole('button', { name: '新しい患者を登録' }).click();
		await fill(page, 'phone', '電話なし');
		expect((await saidOf(page))['phone']).toMatch(/0735-21-0000/);
		await close();
	});

	test('what only the server knows is said beside its field, too', async () => {
		const { page, close } = await open('/dispatch/resources');
		await page.getByRole('button', { name: '車両を追加' }).click();
		await fill(page, 'name', '二台目');
		await fill(page, 'vehicle', 'van-1');
		await choose(page, 'base', '本宮');
		await save(page);
		await field(page, 'vehicle').locator('.form-fault').waitFor();
		expect(await saidOf(page)).toEqual({ vehicle: 'すでに使われています。' });
		await close();
	});
});

test('a server that does not answer loses no entry', async () => {
	const { page, close } = await open('/dispatch/resources');
	await page.getByRole('button', { name: '車両を追加' }).click();
	await fill(page, 'name', '9号車');
	await fill(page, 'vehicle', 'van-9');
	await choose(page, 'base', '本宮');
	await page.route('**/api/v1/fleet', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
	await save(page);
	await page.getByText(/サーバーから応答がありません。入力内容は残っています/).waitFor();
	await page.unroute('**/api/v1/fleet');
	await save(page);
	await page.locator('[data-row] th button', { hasText: '9号車' }).waitFor();
	await close();
});

test.each([
	['ja-JP', DESKTOP, 'light'],
	['en-GB', TABLET, 'dark'],
] as const)('nothing serious for axe, nothing scrolls sideways (%s, %o, %s)', async (locale, viewport, colorScheme) => {
	const { page, problems, close } = await open('/dispatch/requests?new=urgent', { locale, viewport });
	await page.emulateMedia({ colorScheme });
	const check = async (what: string) => {
		await page.locator('.editor:visible').first().waitFor();
		await page.evaluate(axe.source);
		const found = await page.evaluate(async () => {
			const { axe: checker } = window as unknown as { axe: typeof axe };
			const { violations } = await checker.run();
			return violations
				.filter(({ impact }) => impact === 'serious' || impact === 'critical')
				.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
		});
		expect(found, what).toEqual([]);
		expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
	};
	await save(page);
	await check('request with faults');
	await page.goto(`${server.url}/dispatch/resources`);
	await page.locator('[data-row] th button').first().click();
	await check('vans');
	await page.getByRole('tab').nth(2).click();
	await page.locator('[data-row] th button').first().click();
	await check('doctors');
	expect(problems).toEqual([]);
	await close();
});

describe('what the desk says beforehand is what the server does', () => {
	test('needs and sizes', () => {
		for (const [need, { service, consult, equipment }] of Object.entries(treatments)) {
			expect(needFacts[need as keyof typeof needFacts], need).toEqual({
				specialty: consult?.specialty ?? null,
				equipment: equipment === null ? [] : [equipment],
				minutes: service / 60,
			});
		}
		for (const [name, size] of Object.entries(vehicleClassSizes)) {
			expect(vehicleClasses[name as keyof typeof vehicleClasses]).toMatchObject(size);
		}
	});
});
