/** The doctor's queue in a real browser: it follows what the dispatcher publishes, and shows nobody else's patients. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { doctorRecord, patient, visit, type DoctorRecord, type PlanDraft, type PlannedRoute } from '@junkai/contracts';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { Api, demoUser } from '../support/api.ts';
import { DESKTOP, TABLET, launch, openPage, signIn } from '../support/browser.ts';
import { freePort, junkai, tempFolder, until, type Running } from '../support/processes.ts';

const TODAY = '2026-11-24';
const START = Date.parse(`${TODAY}T09:00:00+09:00`);
const MINUTE = 60_000;
const folder = tempFolder('queue');
let browser: Browser;
let server: Running;
let http: number;
let api: Api;
let page: Page;
let queue: Locator;
let problems: string[];
let doctors: DoctorRecord[];
/** Two visits of two patients. */
let first: { visit: number; name: string };
let second: { visit: number; name: string };

/** From the base to one patient, whom the doctor sees 20 minutes after the start, and back. */
function routeOf(vehicle: string, visitNumber: number, doctor: number): PlannedRoute {
	const stop = (kind: 'start' | 'visits' | 'end', from: number, to: number): PlannedRoute['stops'][number] => ({
		kind,
		location: kind === 'visits' ? [135.55, 33.8] : [135.5, 33.8],
		name: { ja: '温川', en: 'Nurukawa' },
		municipality: { ja: '田辺市', en: 'Tanabe-shi' },
		arrival: START + from * MINUTE,
		departure: START + to * MINUTE,
		visits: [],
		meetingPoint: false,
		way: kind === 'start' ? null : wayTo(kind),
	});
	const at = (minute: number) => START + minute * MINUTE;
	const consult = { doctor, from: at(20), to: at(32) };
	const care = {
		...stop('visits', 10, 35),
		visits: [{ visit: visitNumber, need: 'follow-up' as const, from: at(10), to: at(35), consult }],
	};
	return { vehicle, distance: 9240, stops: [stop('start', 0, 0), care, stop('end', 45, 45)], next: 0, reached: true };
}
function wayTo(kind: 'visits' | 'end'): NonNullable<PlannedRoute['stops'][number]['way']> {
	const line: [number, number][] = [
		[135.5, 33.8],
		[135.55, 33.8],
	];
	return {
		distance: 4620,
		duration: 600,
		geometry: { type: 'LineString', coordinates: kind === 'visits' ? line : line.toReversed() },
	};
}
const publish = (own: number, other: number) => {
	const [doctor, colleague] = doctors;
	const draft: PlanDraft = {
		from: START,
		to: START + 45 * MINUTE,
		doctors: doctors.map(({ id, name, specialties }) => ({ id, name, specialties })),
		routes: [routeOf('van-1', own, doctor!.id), routeOf('van-2', other, colleague!.id)],
		unassigned: [],
	};
	return api.send('PUT', '/plans/current', draft);
};
const shows = (what: string, text: string | RegExp) =>
	queue
		.getByText(text)
		.first()
		.waitFor({ timeout: 12_000 })
		.catch((cause: unknown) => {
			throw new Error(`the queue does not show ${what}`, { cause });
		});

beforeAll(async () => {
	http = await freePort();
	const where = ['--http-port', String(http), '--mqtt-port', '0', '--data-dir', folder.path];
	server = junkai(['server', '--demo-vans', '2', '--clock-start', `${TODAY}T08:40:00+09:00`, ...where]);
	browser = await launch({ webgl: false });
	await until('the server is healthy', async () => {
		if (!server.running) throw new Error(`the server ended: ${server.output}`);
		return (await fetch(`http://127.0.0.1:${http}/healthz`)).status === 200;
	});
	api = await Api.signIn(http, demoUser(folder.path, 'dispatcher'));
	const records = <T extends z.ZodType>(schema: T, path: string) =>
		until(`there are ${path}`, async () => {
			const found = z.array(schema).parse(await api.get(path));
			return found.length > 1 && found;
		});
	// The demonstration's first doctor is the one who signs in.
	doctors = await records(doctorRecord, '/doctors');
	const visits = await records(visit, `/visits?from=${TODAY}&until=${TODAY}&limit=50`);
	const people = new Map((await records(patient, '/patients')).map(({ id, name }) => [id, `${name.family} ${name.given}`]));
	const [one] = visits;
	first = { visit: one!.id, name: people.get(one!.patient)! };
	const other = visits.find(({ patient: id }) => people.get(id) !== first.name)!;
	second = { visit: other.id, name: people.get(other.patient)! };
	const opened = await openPage(browser, 'ja-JP');
	({ page, problems } = opened);
	await signIn(page, http, demoUser(folder.path, 'doctor'));
	queue = page.getByTestId('queue');
});
afterAll(async () => {
	await browser?.close();
	await server?.kill('SIGINT');
	folder.dispose();
});

test('it follows what is published, without being loaded again, and shows the own patients alone', async () => {
	await shows('that there is no plan', '本日の計画は公開されていません。');
	await page.evaluate(() => (document.body.dataset['kept'] = 'yes'));
	await publish(first.visit, second.visit);
	await shows('the patient', first.name);
	const row = queue.locator('[data-consult]');
	expect(await row.count()).toBe(1);
	expect(await row.innerText()).toMatch(/^09:20/);
	expect(await row.innerText()).toContain('1号車');
	expect(await row.getAttribute('aria-current')).toBe('step');
	expect(await page.content()).not.toContain(second.name);

	// The patients change their doctors.
	await publish(second.visit, first.visit);
	await shows('the other patient', second.name);
	expect(await row.count()).toBe(1);
	expect(await page.content()).not.toContain(first.name);

	// The crew is late: so says the row.
	await api.send('POST', '/vehicles/van-1/reports', { state: 'delayed', minutes: 25, time: START - 20 * MINUTE });
	await shows('the delay', /^\+\d+分$/);
	expect(await page.evaluate(() => document.body.dataset['kept'])).toBe('yes');
});

test('a consult opens its van with the keyboard; a list that cannot be loaded says so and is tried again', async () => {
	await queue.locator(`[data-consult="${second.visit}"]`).focus();
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/doctor\/van-1$/);
	await page.locator('.patient-bar h1').waitFor();
	await page.route('**/api/v1/queue', (route) => route.abort());
	await page.goto(`http://127.0.0.1:${http}/doctor`);
	await queue.getByRole('alert').waitFor();
	await page.unroute('**/api/v1/queue');
	await queue.getByRole('button').click();
	await shows('the patient again', second.name);
});

test.each([
	['日本語', DESKTOP, ''],
	['English', TABLET, '/van-1'],
] as const)('axe finds nothing serious (%s, %o), and nothing scrolls sideways', async (language, viewport, address) => {
	await page.setViewportSize(viewport);
	await page.evaluate((chosen) => localStorage.setItem('junkai.language', chosen), language === 'English' ? 'en' : 'ja');
	await page.goto(`http://127.0.0.1:${http}/doctor`);
	await shows('its title', language === 'English' ? 'Today’s consults' : '本日の診察');
	await shows('the patient', second.name);
	await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
	const found = await page.evaluate(async () => {
		const { axe } = window as unknown as {
			axe: { run: () => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
		};
		const { violations } = await axe.run();
		return violations
			.filter(({ impact }) => impact === 'serious' || impact === 'critical')
			.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
	});
	expect(found).toEqual([]);
	const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	expect(await sideways()).toBeLessThanOrEqual(0);
	await page.goto(`http://127.0.0.1:${http}/doctor${address}`);
	await page.locator('main.doctor').waitFor();
	expect(await sideways()).toBeLessThanOrEqual(0);
});

test('a user whom no doctor’s record names any more is told so at once, and sees nobody', async () => {
	await page.goto(`http://127.0.0.1:${http}/doctor`);
	await shows('the patient', second.name);
	const { id, version, updated: _updated, updatedBy: _updatedBy, ...body } = doctors[0]!;
	await api.send('PUT', `/doctors/${id}?version=${version}`, { ...body, user: null });
	await shows('that the record is missing', 'Your user name is in no doctor’s record.');
	expect(await queue.innerText()).not.toContain(second.name);
	expect(problems).toEqual([]);
});
