/**
 * The emulator process: owns the masters of all ptys and the emulators that speak on them. Started by {@link ../pty/host.ts}
 * with an IPC channel; ends with its parent.
 */
import { createEmulator, type RunningEmulator } from '../emulators.ts';
import { SimError } from '../sim-error.ts';
import { libc } from './libc.ts';
import type { HostCall, HostReply, PortSpec } from './messages.ts';
import { PtyPort } from './pty-port.ts';

/** Fast enough for a waveform to look live, slow enough to cost next to nothing. */
const TICK_MS = 20;
/** While bytes wait for room in the kernel's buffer, which holds some kilobytes. */
const FEED_TICK_MS = 2;

/** A correction of this size is no slewing of a synchronised clock. */
const SET_BACK_MS = 5000;

interface Hosted {
	port: PtyPort;
	emulator: RunningEmulator | null;
}

const ports = new Map<string, Hosted>();
let timer: NodeJS.Timeout | undefined;

function send(message: HostReply): void {
	// A parent that is gone cannot be told; 'disconnect' ends this process.
	if (process.connected && process.send) process.send(message, undefined, {}, () => {});
}

function tick(): void {
	const now = performance.now();
	const list = [...ports].filter(([, hosted]) => hosted.port.descriptor !== null);
	let feeding = false;
	try {
		const states = libc().poll(list.map(([, hosted]) => hosted.port.descriptor ?? -1));
		list.forEach(([, hosted], i) => hosted.port.service(now, states[i]));
	} catch (error) {
		send({ type: 'trouble', id: '*', message: messageOf(error) });
	}
	const time = wallClock();
	for (const [id, hosted] of ports) {
		speak(id, hosted, time);
		feeding ||= hosted.port.feeding;
	}
	timer = setTimeout(tick, feeding ? FEED_TICK_MS : TICK_MS);
}

let latest = 0;

/**
 * Real time, for receivers tell it, but never backwards, for devices can't. When the machine's clock is set back this process
 * ends, and its parent starts it anew: to the gateways that is a power cut, not hours of silence.
 */
function wallClock(): number {
	const now = Date.now();
	if (now < latest - SET_BACK_MS) {
		process.stderr.write(`the clock was set back by ${latest - now} ms: the devices start anew`);
		process.exit(3);
	}
	return (latest = Math.max(latest, now));
}

function speak(id: string, { port, emulator }: Hosted, time: number): void {
	if (!emulator) return;
	try {
		port.write(emulator.advance(time));
	} catch (error) {
		// One emulator's mistake must not silence the others, nor fill the log at every tick.
		const hosted = ports.get(id);
		if (hosted) hosted.emulator = null;
		send({ type: 'trouble', id, message: `emulator stopped: ${messageOf(error)}` });
	}
}

function open(spec: PortSpec): void {
	if (ports.has(spec.id)) throw new SimError('emulator-host', `port "${spec.id}" is already open`);
	const emulator = spec.emulator ? createEmulator(spec.emulator) : null;
	const port = new PtyPort(spec.link);
	port.onReader = (isOpen) => send({ type: 'reader', id: spec.id, open: isOpen });
	port.onData = (bytes) => {
		if (emulator) emulator.receive(bytes);
		else send({ type: 'heard', id: spec.id, bytes });
	};
	port.plug();
	ports.set(spec.id, { port, emulator });
}

async function answer(request: HostCall): Promise<void> {
	if (request.type === 'open') {
		open(request.port);
		return send({ type: 'reply', call: request.call });
	}
	const hosted = ports.get(request.id);
	if (!hosted) throw new SimError('emulator-host', `no port "${request.id}"`);
	switch (request.type) {
		case 'plug':
			hosted.port.plug();
			break;
		case 'unplug':
			hosted.port.unplug();
			break;
		case 'remove':
			hosted.port.close();
			ports.delete(request.id);
			break;
		case 'feed': {
			const fed = hosted.port.feed(request.bytes);
			if (hosted.port.feeding) hurry();
			await fed;
			break;
		}
		case 'faults':
			hosted.emulator?.setFaults(request.faults);
			break;
		case 'day':
			hosted.emulator?.setDay(request.day);
			break;
		case 'stats':
			return send({ type: 'reply', call: request.call, value: hosted.port.stats });
		case 'samples':
			return send({ type: 'reply', call: request.call, value: hosted.emulator?.takeSamples() ?? [] });
	}
	send({ type: 'reply', call: request.call });
}

function hurry(): void {
	clearTimeout(timer);
	timer = setTimeout(tick, 0);
}

function end(): void {
	clearTimeout(timer);
	for (const { port } of ports.values()) port.close();
	// Closing the channel lets the process end by itself once nothing is left to do.
	if (process.connected) process.disconnect?.();
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

process.on('message', (request: HostCall) => {
	answer(request).catch((error: unknown) => send({ type: 'error', call: request.call, message: messageOf(error) }));
});
process.on('disconnect', end);
process.on('SIGTERM', end);
// Ctrl-C reaches the whole group: the parent stops its vans first and then closes this process.
process.on('SIGINT', () => {});
tick();
send({ type: 'ready' });
