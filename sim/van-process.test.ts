import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { VanProcess } from './van-process.ts';

let directory: string;
beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), 'junkai-van-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const options = () => ({
	vehicle: 'van-9',
	name: '9号車',
	password: 'a-password-of-some-length',
	mqttUrl: 'mqtt://127.0.0.1:1',
	directory,
	ports: [{ name: 'gnss', path: join(directory, 'gnss'), device: 'nmea', label: 'GNSS receiver (simulated)' }],
	log: pino({ level: 'silent' }),
});
/** Whether the process runs; one that has ended and that nobody has asked about yet (a zombie) does not. */
const alive = (pid: number) => {
	try {
		process.kill(pid, 0);
		return process.platform !== 'linux' || readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
	} catch {
		return false;
	}
};

test('writes a configuration that the gateway takes, and stops it in peace', async () => {
	const van = new VanProcess(options());
	await van.start();
	const pid = van.pid!;
	expect(parse(readFileSync(join(directory, 'gateway.yaml'), 'utf8'))).toMatchObject({ vehicle: 'van-9', name: '9号車' });
	await vi.waitFor(() => expect(readFileSync(join(directory, 'gateway.log'), 'utf8')).toContain('gateway runs'), 15_000);
	await van.stop();
	expect(alive(pid)).toBe(false);
	expect(van.restarts).toBe(0);
	expect(readFileSync(join(directory, 'gateway.log'), 'utf8')).toContain('gateway stopped');
	await van.stop();
});

test('ends the gateway that a killed simulator left behind', async () => {
	const script = `
		import { pino } from 'pino';
		import { VanProcess } from ${JSON.stringify(join(import.meta.dirname, 'van-process.ts'))};
		const van = new VanProcess({ ...${JSON.stringify({ ...options(), log: null })}, log: pino({ level: 'silent' }) });
		await van.start();
		console.log(van.pid);
		setInterval(() => {}, 1000);`;
	const simulator = spawn(process.execPath, ['--input-type=module', '-e', script], {
		cwd: import.meta.dirname,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let printed = '';
	simulator.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
	await vi.waitFor(() => expect(printed).toMatch(/^\d+\n/), 15_000);
	const left = Number(printed);
	await vi.waitFor(() => expect(readFileSync(join(directory, 'gateway.log'), 'utf8')).toContain('gateway runs'), 15_000);
	simulator.kill('SIGKILL');
	await new Promise((done) => simulator.once('exit', done));
	expect(alive(left)).toBe(true);

	const van = new VanProcess(options());
	await van.start();
	expect(alive(left)).toBe(false);
	await van.stop();
});
