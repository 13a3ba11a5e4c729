import { fork, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { SimError } from '../sim-error.ts';
import type { DayPlan } from '../journey.ts';
import type { FaultSettings, HostReply, HostRequest, PortSpec, SentSamples } from './messages.ts';
import type { PtyStats } from './pty-port.ts';

export interface HostListener {
	/** A reader opened or left a port. */
	onReader?: (id: string, open: boolean) => void;
	/** What a reader wrote to a port without an emulator. */
	onHeard?: (id: string, bytes: Uint8Array) => void;
	/** Something in the emulator process went wrong and was contained. */
	onTrouble?: (id: string, message: string) => void;
}

/** Ptys and emulators in a process of their own. Every method rejects with a {@link SimError} that says why. */
export interface EmulatorHost {
	/** The emulator process; null between two of them. */
	readonly pid: number | null;
	/** Makes the pty, points the link at it and lets the emulator speak. */
	open(port: PortSpec): Promise<void>;
	/** Pulls the plug: the reader's file fails, the link is gone. The emulator lives on. */
	unplug(id: string): Promise<void>;
	/** Plugs in again: a new pty behind the same link. */
	plug(id: string): Promise<void>;
	/** Writes raw bytes, waiting for a reader and for room; resolves once the kernel has them all. */
	feed(id: string, bytes: Uint8Array): Promise<void>;
	/** Sets faults that the emulator is to show. */
	faults(id: string, faults: FaultSettings): Promise<void>;
	/** The van's day goes on otherwise from now, for what is plugged into this port. */
	day(id: string, day: DayPlan): Promise<void>;
	stats(id: string): Promise<PtyStats>;
	/** Samples that the emulator sent since the last call; it must be open with `recordSamples`. */
	samples(id: string): Promise<SentSamples[]>;
	/** Unplugs a port and forgets it. */
	remove(id: string): Promise<void>;
	/** Unplugs all and ends the process. */
	close(): Promise<void>;
}

interface Pending {
	resolve: (value: PtyStats | SentSamples[] | undefined) => void;
	reject: (error: Error) => void;
}

/** Starts the emulator process. Should it die, another is started with the same ports. */
export async function spawnEmulatorHost(listener: HostListener = {}): Promise<EmulatorHost> {
	const host = new Host(listener);
	await host.start();
	return host;
}

class Host implements EmulatorHost {
	#child: ChildProcess | null = null;
	#closing = false;
	#calls = 0;
	readonly #listener: HostListener;
	readonly #pending = new Map<number, Pending>();
	readonly #ports = new Map<string, PortSpec & { plugged: boolean }>();

	constructor(listener: HostListener) {
		this.#listener = listener;
	}

	get pid(): number | null {
		return this.#child?.pid ?? null;
	}

	async start(): Promise<void> {
		const child = fork(join(import.meta.dirname, 'host-process.ts'), {
			serialization: 'advanced',
			// The parent's own flags (a test runner's, an inspector's) are not for the child.
			execArgv: [],
			stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
		});
		let errors = '';
		child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
		const started = new Promise<void>((resolve, reject) => {
			child.once('error', (cause) => reject(new SimError('emulator-host', 'the emulator process did not start', { cause })));
			child.once('exit', (code, signal) => {
				const error = new SimError('emulator-host', `the emulator process ended (${signal ?? code}): ${errors.trim()}`);
				reject(error);
				this.#ended(child, error);
			});
			child.on('message', (message: HostReply) => (message.type === 'ready' ? resolve() : this.#hear(message)));
		});
		this.#child = child;
		await started;
	}

	async open(port: PortSpec): Promise<void> {
		await this.#ask({ type: 'open', port });
		this.#ports.set(port.id, { ...port, plugged: true });
	}

	async unplug(id: string): Promise<void> {
		await this.#ask({ type: 'unplug', id });
		const port = this.#ports.get(id);
		if (port) port.plugged = false;
	}

	async plug(id: string): Promise<void> {
		await this.#ask({ type: 'plug', id });
		const port = this.#ports.get(id);
		if (port) port.plugged = true;
	}

	async feed(id: string, bytes: Uint8Array): Promise<void> {
		await this.#ask({ type: 'feed', id, bytes });
	}

	async faults(id: string, faults: FaultSettings): Promise<void> {
		await this.#ask({ type: 'faults', id, faults });
	}

	async day(id: string, day: DayPlan): Promise<void> {
		await this.#ask({ type: 'day', id, day });
		// Should the process be started anew, its emulators begin with this day.
		const port = this.#ports.get(id);
		if (port?.emulator) port.emulator = { ...port.emulator, day };
	}

	async stats(id: string): Promise<PtyStats> {
		return (await this.#ask({ type: 'stats', id })) as PtyStats;
	}

	async samples(id: string): Promise<SentSamples[]> {
		return (await this.#ask({ type: 'samples', id })) as SentSamples[];
	}

	async remove(id: string): Promise<void> {
		await this.#ask({ type: 'remove', id });
		this.#ports.delete(id);
	}

	async close(): Promise<void> {
		this.#closing = true;
		const child = this.#child;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
		if (child.connected) child.disconnect();
		const gone = await Promise.race([ended.then(() => true), pause(3000, false, { ref: false })]);
		if (!gone) child.kill('SIGKILL');
		await ended;
	}

	#ask(request: HostRequest): Promise<PtyStats | SentSamples[] | undefined> {
		const child = this.#child;
		if (this.#closing || !child?.connected)
			return Promise.reject(new SimError('emulator-host', 'the emulator process is not running'));
		const call = ++this.#calls;
		return new Promise((resolve, reject) => {
			this.#pending.set(call, { resolve, reject });
			child.send({ ...request, call }, (cause) => {
				if (!cause) return;
				this.#pending.delete(call);
				reject(new SimError('emulator-host', 'the emulator process could not be reached', { cause }));
			});
		});
	}

	#hear(message: HostReply): void {
		switch (message.type) {
			case 'reply':
				this.#pending.get(message.call)?.resolve(message.value);
				this.#pending.delete(message.call);
				break;
			case 'error':
				this.#pending.get(message.call)?.reject(new SimError('emulator-host', message.message));
				this.#pending.delete(message.call);
				break;
			case 'reader':
				this.#listener.onReader?.(message.id, message.open);
				break;
			case 'heard':
				this.#listener.onHeard?.(message.id, message.bytes);
				break;
			case 'trouble':
				this.#listener.onTrouble?.(message.id, message.message);
				break;
			case 'ready':
		}
	}

	#ended(child: ChildProcess, error: SimError): void {
		if (this.#child !== child) return;
		this.#child = null;
		for (const pending of this.#pending.values()) pending.reject(error);
		this.#pending.clear();
		if (this.#closing) return;
		this.#listener.onTrouble?.('*', error.message);
		void this.#restart();
	}

	/** The devices come back as after a power cut: new ptys behind the same links. */
	async #restart(): Promise<void> {
		await pause(500);
		if (this.#closing || this.#ports.size === 0) return;
		try {
			await this.start();
			for (const { plugged, ...port } of this.#ports.values()) {
				await this.#ask({ type: 'open', port });
				if (!plugged) await this.#ask({ type: 'unplug', id: port.id });
			}
		} catch (error) {
			this.#listener.onTrouble?.('*', error instanceof Error ? error.message : String(error));
		}
	}
}
