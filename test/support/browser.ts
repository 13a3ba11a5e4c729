/** A real Chromium, driven as a person would: signs in by the form, looks, clicks. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { DemoUser } from './api.ts';

declare global {
	interface Window {
		/** What the doctor's desk tells of itself while a van is open. */
		junkai?: {
			traces(): { signal: string; channel: string; stream: string; startIndex: number; samples: number[] }[];
			stats(): { head: number | null; framesPerSecond: number };
		};
	}
}

const CANDIDATES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export const DESKTOP = { width: 1440, height: 900 };
export const TABLET = { width: 1024, height: 768 };

/** Launches Chromium. WebGL, which the map needs, is drawn in software; a page without a map does better without it. */
export async function launch({ webgl = true } = {}): Promise<Browser> {
	const executablePath = process.env['JUNKAI_CHROMIUM'] ?? CANDIDATES.find((path) => existsSync(path));
	if (executablePath === undefined)
		throw new Error('no Chromium: install Debian\'s package "chromium", or name one in JUNKAI_CHROMIUM');
	return await chromium.launch({
		executablePath,
		args: [
			...(webgl ? ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] : ['--disable-gpu']),
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			'--no-first-run',
		],
	});
}

/** A fresh page of a browser in a language; problems that the page itself reports fail the test by `problems`. */
export async function openPage(
	browser: Browser,
	locale: 'ja-JP' | 'en-GB',
	viewport = DESKTOP,
): Promise<{ page: Page; problems: string[] }> {
	const context = await browser.newContext({ locale, viewport, timezoneId: 'Asia/Tokyo' });
	const page = await context.newPage();
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	return { page, problems };
}

/** Signs in by the form and waits until it is gone. */
export async function signIn(page: Page, httpPort: number, user: DemoUser, path = '/'): Promise<void> {
	await page.goto(`http://127.0.0.1:${httpPort}${path}`);
	await page.fill('input[name=username]', user.username);
	await page.fill('input[name=password]', user.password);
	await page.click('button[type=submit]');
	await page.waitForSelector('input[name=password]', { state: 'detached' });
}
