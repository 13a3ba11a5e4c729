/**
 * Time from the byte on the pty to the pixel on the doctor's desk. The board's bytes are written at their true pace and each
 * write is timed; the page notes at each frame up to which moment of the van's time the sweep is drawn. A sample's pixel is
 * there with the first frame whose sweep has passed it.
 */
import { waveformPage } from '@junkai/contracts';
import { Pm6750Emulator, constantPatient } from '@junkai/firmware-bridge/mock';
import { demoUser } from '../support/api.ts';
import { launch, openPage, signIn } from '../support/browser.ts';
import { until } from '../support/processes.ts';
import { TestVan, VAN } from '../support/van.ts';
import { distribution, shown } from './figures.ts';

const SECONDS = 40;
/** The sweep learns the line's delay first. */
const WARM_UP = 10;
const TICK = 20;

interface Frame {
	/** Wall clock, ms. */
	at: number;
	/** Van time at the sweep. */
	head: number;
}

declare global {
	interface Window {
		drawnFrames?: Frame[];
	}
}

export async function byteToPixel(): Promise<void> {
	const van = await TestVan.start({ ports: [{ name: 'monitor', device: 'pm6750', emulated: false }] });
	const browser = await launch({ webgl: false });
	try {
		const { page } = await openPage(browser, 'ja-JP');
		await signIn(page, van.httpPort, demoUser(van.dataDir, 'doctor'), `/doctor/${VAN}`);
		await until('the desk', () => page.evaluate(() => window.junkai !== undefined));
		await page.evaluate(() => {
			const frames: Frame[] = [];
			window.drawnFrames = frames;
			const note = (): void => {
				const head = window.junkai?.stats().head;
				if (head !== null && head !== undefined) frames.push({ at: performance.timeOrigin + performance.now(), head });
				requestAnimationFrame(note);
			};
			requestAnimationFrame(note);
		});
		const written = await speak(van);
		await new Promise((resolve) => setTimeout(resolve, 2000));
		const frames = await page.evaluate(() => window.drawnFrames ?? []);
		const { items } = waveformPage.parse(
			await van.doctor.get(`/vehicles/${VAN}/waveforms?from=0&to=${Date.now() + 60_000}&signal=ecg&limit=5000`),
		);
		const delays: number[] = [];
		let frame = 0;
		for (const block of items.toSorted((a, b) => a.index - b.index)) {
			for (let i = 0; i < block.count; i++) {
				const at = written[block.index + i];
				if (at === undefined || at < (written[0] ?? 0) + WARM_UP * 1000) continue;
				const moment = block.time + (i * 1000) / block.rate;
				while (frame < frames.length && frames[frame]!.head < moment) frame += 1;
				if (frame < frames.length) delays.push(frames[frame]!.at - at);
			}
		}
		const between = frames.slice(1).map((one, i) => one.at - frames[i]!.at);
		const perSecond = (1000 * between.length) / between.reduce((sum, ms) => sum + ms, 0);
		console.log(
			`\nByte on the pty to pixel on the doctor's desk, ECG 250 Hz, ${SECONDS - WARM_UP} s (embedded broker, SQLite, Chromium without a graphics card)`,
		);
		console.log(`  ms: ${shown(distribution(delays))}`);
		console.log(`  frames: ${perSecond.toFixed(1)} a second; between two: ${shown(distribution(between), 1)} ms`);
		if (delays.length < (SECONDS - WARM_UP) * 200)
			console.log(`  CAUTION: only ${delays.length} of ${written.length} samples could be followed`);
	} finally {
		await browser.close();
		await van.dispose();
	}
}

/** Lets the board speak for a while; wall time of the write of each ECG sample. */
async function speak(van: TestVan): Promise<number[]> {
	const emulator = new Pm6750Emulator({ source: constantPatient() });
	let samples = 0;
	emulator.onSamples = (signal) => {
		if (signal === 'ecg') samples += 1;
	};
	const written: number[] = [];
	const began = performance.now();
	emulator.advance(0);
	for (let tick = 1; tick * TICK <= SECONDS * 1000; tick++) {
		await new Promise((resolve) => setTimeout(resolve, Math.max(0, began + tick * TICK - performance.now())));
		const bytes = emulator.advance(performance.now() - began);
		const at = performance.timeOrigin + performance.now();
		await van.host.feed('monitor', bytes);
		while (written.length < samples) written.push(at);
	}
	return written;
}
