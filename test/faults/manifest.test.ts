/** The route of the day reaches a van whatever dies in between, and what a van has said that it has it never loses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest, publication, type PlanDraft, type PlannedStop } from '@junkai/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../support/processes.ts';
import { TestVan, VAN } from '../support/van.ts';

let van: TestVan;
beforeAll(async () => {
	van = await TestVan.start();
});
afterAll(() => van?.dispose());

const HOUR = 3_600_000;

/** A day from now on, whose only visit has this number. */
function draftOf(visit: number): PlanDraft {
	const from = Math.floor(Date.now() / 1000) * 1000;
	const place = { location: [135.5, 33.8] as [number, number], name: { ja: '温川', en: 'Nurukawa' }, municipality: null };
	const stop = (kind: PlannedStop['kind'], at: number): PlannedStop => ({
		kind,
		...place,
		arrival: from + at * HOUR,
		departure: from + (at + 0.5) * HOUR,
		visits:
			kind === 'visits' ? [{ visit, need: 'follow-up', from: from + at * HOUR, to: from + (at + 0.5) * HOUR, consult: null }] : [],
		meetingPoint: false,
		way: null,
	});
	const stops = [stop('start', 0), stop('visits', 1), stop('end', 2)];
	const route = { vehicle: VAN, distance: 0, stops, next: 0, reached: true };
	return { from, to: from + 2.5 * HOUR, doctors: [], routes: [route], unassigned: [] };
}

const publish = (visit: number): Promise<unknown> => van.dispatcher.send('PUT', '/plans/current', draftOf(visit));
const received = async (): Promise<{ revision: number; received: number | null }> => {
	const [newest] = z.array(publication).parse(await van.dispatcher.get('/publications'));
	return { revision: newest!.revision, received: newest!.receipts.find(({ vehicle }) => vehicle === VAN)!.received };
};
const kept = () => manifest.parse(JSON.parse(readFileSync(join(van.folder, `manifest-${VAN}.json`), 'utf8')));

test('a van that was off when a plan was published has it when it comes back', async () => {
	await publish(1);
	await until('the receipt', async () => (await received()).received !== null);
	expect(kept().route?.stops[1]?.visits[0]?.visit).toBe(1);
	expect(van.gateway.output).toContain('manifest kept');
	await van.gateway.kill();
	await publish(2);
	expect(await received()).toEqual({ revision: 2, received: null });
	expect(kept().revision).toBe(1);
	await van.startGateway();
	await until('the receipt of the second', async () => (await received()).received !== null);
	expect(van.gateway.output).toContain('manifest read');
	expect(kept().route?.stops[1]?.visits[0]?.visit).toBe(2);
});

test('kill -9 at any moment leaves a whole manifest, never an older one than was told of', async () => {
	let told = (await received()).revision;
	for (let n = 0; n < 6; n++) {
		await publish(100 + n);
		// Each time a little later on the way from the wire to the disk to the receipt.
		await new Promise((resolve) => setTimeout(resolve, n * 8));
		await van.gateway.kill();
		const now = await received();
		if (now.received !== null) told = now.revision;
		const { revision } = kept();
		expect(revision).toBeGreaterThanOrEqual(told);
		expect([now.revision, now.revision - 1]).toContain(revision);
		await van.startGateway();
		await until('the receipt', async () => (await received()).received !== null);
		expect(kept().revision).toBe(now.revision);
		told = now.revision;
	}
}, 120_000);

test('a plan that was published while there was no signal is there when there is', async () => {
	const before = kept().revision;
	van.radio.cut();
	await publish(7);
	expect((await received()).received).toBeNull();
	van.radio.restore();
	await until('the receipt', async () => (await received()).received !== null, 60_000);
	expect(kept().revision).toBe(before + 1);
});
