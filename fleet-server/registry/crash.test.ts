import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createServiceClock } from '../clock.ts';
import { temporaryFolder } from '../test-support.ts';
import { Records } from './index.ts';
import { patientOf, region } from './test-records.ts';

const clock = createServiceClock({ clockSpeed: 1, clockStart: undefined, clockFrom: undefined });

/** Runs the process until it says a line, and so many ms longer; then kills it. Resolves with all that it said. */
async function killedAfter(path: string, line: string, ms: number): Promise<string[]> {
	const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-process.ts'), path], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const ended = once(child, 'exit');
	const said: string[] = [];
	for await (const one of createInterface({ input: child.stdout })) {
		said.push(one);
		if (one !== line) continue;
		await sleep(ms);
		child.kill('SIGKILL');
	}
	await ended;
	return said;
}

test('killed at any moment, what was answered is kept, and a batch is there whole or not at all', async () => {
	const folder = temporaryFolder();
	const path = join(folder.path, 'registry.db');
	for (const [line, ms] of [
		['begun', 0],
		['begun', 60],
		['done', 0],
	] as const) {
		const before = await countsIn(path);
		const said = await killedAfter(path, line, ms);
		const after = await countsIn(path);
		const [patients, requests, visits] = after.map((count, at) => count - before[at]!) as [number, number, number];
		const what = `${said.join(', ')} and ${ms} ms`;
		expect(said[0], what).toMatch(/^kept \d+$/);
		// All three kinds of the batch, or none; the patient that was answered in any case.
		expect(
			[
				[1, 0, 0],
				[1501, 1500, 1500],
			],
			what,
		).toContainEqual([patients, requests, visits]);
		if (said.includes('done')) expect(patients, what).toBe(1501);
	}
	const records = new Records({ path, region, clock });
	const before = await records.patients.count();
	const next = await records.keep({ kind: 'patient', op: 'create', body: patientOf() }, 'after');
	expect([await records.patients.count(), next.version]).toEqual([before + 1, 1]);
	await records.close();
	folder.remove();
}, 60_000);

async function countsIn(path: string): Promise<[number, number, number]> {
	const records = new Records({ path, region, clock });
	const counts = await Promise.all([records.patients.count(), records.requests.count(), records.visits.count()]);
	await records.close();
	return counts;
}
