/**
 * One serial port and the device behind it. Whatever happens to it (unplugged, silent, garbage, not there yet), it is
 * opened again and again by itself, and no other port notices.
 */
import type { Logger } from 'pino';
import { SerialPort } from 'serialport';
import type { DeviceInfo, PortStatus } from '@junkai/contracts';
import { drivers, type Driver, type DriverFacts } from '@junkai/firmware-bridge';
import type { PortConfig } from '../config.ts';
import { mendReading } from './binding.ts';
import type { Clock } from '../clock/clock.ts';
import type { Recorder } from '../records/recorder.ts';
import { GatewayError } from '../errors.ts';

const RETRY_FIRST = 250;
const RETRY_MOST = 5_000;
/** A port that stays silent is closed and opened anew this often: some USB adapters come back to life only by that. */
const REOPEN_SILENT = 15_000;
const TICK = 50;
const QUIET_FLUSH = 500;
const FRAME_AT_MOST = 256;

type State = PortStatus['state'];

export class Port {
	readonly info: DeviceInfo;
	readonly #config: PortConfig;
	readonly #facts: DriverFacts;
	readonly #driver: Driver;
	readonly #recorder: Recorder;
	readonly #clock: Clock;
	readonly #log: Logger;
	readonly #onState: () => void;
	#serial: SerialPort | undefined;
	#state: State = 'opening';
	#since: number;
	#reason: string | undefined;
	#openedAt = 0;
	/** Monotonic time of the last sound frame. */
	#lastFrame = 0;
	#frames = 0;
	/** Bytes that had come when the last sound frame did. */
	#lastBytes = 0;
	#reopened = 0;
	#retry = RETRY_FIRST;
	#timer: NodeJS.Timeout | undefined;
	#ticker: NodeJS.Timeout | undefined;
	#stopped = false;

	/** `onState` is called after each change of state. */
	constructor(config: PortConfig, recorder: Recorder, clock: Clock, log: Logger, onState: () => void) {
		const facts = drivers[config.device];
		if (facts === undefined) throw new GatewayError('config', `port ${config.name}: there is no driver called "${config.device}"`);
		this.#config = config;
		this.#facts = facts;
		this.#recorder = recorder;
		this.#clock = clock;
		this.#onState = onState;
		this.#log = log.child({ port: config.name, device: config.device });
		this.#driver = facts.create((output, at) => recorder.take(output, at));
		this.#since = clock.now();
		this.info = { port: config.name, driver: facts.id, label: (config.label ?? facts.label).slice(0, 64) };
	}

	start(): void {
		this.#ticker = setInterval(() => this.#tick(), TICK);
		this.#open();
	}

	/** Closes the port; what the driver holds is given out. */
	async stop(): Promise<void> {
		this.#stopped = true;
		clearInterval(this.#ticker);
		clearTimeout(this.#timer);
		this.#driver.end(this.#clock.now());
		this.#recorder.interrupt();
		await this.#close();
	}

	status(): PortStatus {
		const { bytes, frames, discardedBytes, badChecksums } = this.#driver.counters;
		return {
			...this.info,
			state: this.#state,
			...(this.#reason === undefined ? {} : { reason: this.#reason.slice(0, 200) }),
			since: this.#clock.stamp(this.#since).time,
			...(this.#lastFrame === 0 ? {} : { lastData: this.#clock.stamp(this.#lastFrame).time }),
			bytes,
			frames,
			discardedBytes,
			badChecksums,
			reopened: this.#reopened,
		};
	}

	#open(): void {
		if (this.#stopped) return;
		const { line } = this.#facts;
		const serial = new SerialPort({
			path: this.#config.path,
			baudRate: this.#config.baud ?? line.baud,
			dataBits: this.#config.dataBits ?? line.dataBits,
			parity: this.#config.parity ?? line.parity,
			stopBits: this.#config.stopBits ?? line.stopBits,
			// Dropping DTR at close resets some boards in the middle of a measurement.
			hupcl: false,
			autoOpen: false,
		});
		this.#serial = serial;
		// First of all listeners: reading begins with the same event.
		serial.once('open', () => mendReading(serial.port));
		serial.on('data', (bytes: Buffer) => this.#data(bytes));
		serial.on('close', (error: Error | null) => this.#lost(serial, error?.message ?? 'the port was closed'));
		serial.on('error', (error) => this.#lost(serial, error.message));
		serial.open((error) => {
			if (error !== null) this.#lost(serial, error.message);
			else this.#opened();
		});
	}

	#opened(): void {
		this.#openedAt = this.#clock.now();
		this.#driver.reset();
		this.#lastBytes = this.#driver.counters.bytes;
		if (this.#state === 'lost') this.#reopened += 1;
		if (this.#state === 'silent') return;
		this.#become('open', undefined);
		this.#recorder.event('port-opened', { device: this.#facts.id });
	}

	#data(bytes: Uint8Array): void {
		const at = this.#clock.now();
		this.#driver.push(bytes, at);
		const { frames } = this.#driver.counters;
		if (frames === this.#frames) return;
		this.#frames = frames;
		this.#lastBytes = this.#driver.counters.bytes;
		this.#lastFrame = at;
		this.#retry = RETRY_FIRST;
		if (this.#state === 'silent') {
			this.#become('open', undefined);
			this.#recorder.event('port-silent', { device: this.#facts.id }, false);
		}
	}

	#tick(): void {
		const at = this.#clock.now();
		this.#driver.idle(at);
		if (this.#state !== 'open' && this.#state !== 'silent') return;
		const quiet = at - Math.max(this.#lastFrame, this.#openedAt);
		if (quiet > QUIET_FLUSH) this.#recorder.flush();
		if (this.#serial === undefined || !this.#serial.isOpen) return;
		const limit = this.#config.silentAfter === undefined ? this.#facts.silentAfter : this.#config.silentAfter * 1000;
		if (this.#state === 'open' && quiet > limit) {
			// The beginning of a frame that never came to its end is no garbage yet.
			const garbage = this.#driver.counters.bytes > this.#lastBytes + FRAME_AT_MOST;
			this.#become('silent', garbage ? 'bytes come, but no sound frame: are device, baud rate and parity right?' : 'no bytes come');
			this.#recorder.interrupt();
			this.#recorder.event('port-silent', { device: this.#facts.id, bytes: garbage }, true);
		} else if (this.#state === 'silent' && at - this.#openedAt > REOPEN_SILENT) {
			this.#reopen();
		}
	}

	#reopen(): void {
		this.#openedAt = this.#clock.now();
		this.#reopened += 1;
		void this.#close().then(() => this.#open());
	}

	#lost(serial: SerialPort, reason: string): void {
		if (this.#stopped || serial !== this.#serial) return;
		this.#serial = undefined;
		serial.removeAllListeners();
		// A late error of a port that was given up must not take the process down.
		serial.on('error', () => {});
		if (serial.isOpen) serial.close(() => {});
		if (this.#state !== 'lost') {
			this.#driver.end(this.#clock.now());
			this.#driver.reset();
			this.#recorder.interrupt();
			if (this.#state === 'open' || this.#state === 'silent')
				this.#recorder.event('port-lost', { device: this.#facts.id, reason: reason.slice(0, 200) });
			this.#become('lost', reason);
		}
		this.#reason = reason;
		this.#timer = setTimeout(() => this.#open(), this.#retry);
		this.#retry = Math.min(RETRY_MOST, this.#retry * 1.6);
	}

	#close(): Promise<void> {
		const serial = this.#serial;
		this.#serial = undefined;
		if (serial === undefined) return Promise.resolve();
		serial.removeAllListeners();
		serial.on('error', () => {});
		return new Promise((resolve) => {
			if (!serial.isOpen) resolve();
			else serial.close(() => resolve());
		});
	}

	#become(state: State, reason: string | undefined): void {
		const changed = state !== this.#state;
		if (changed) {
			this.#log.info({ from: this.#state, to: state, reason }, 'port state');
			this.#since = this.#clock.now();
		}
		this.#state = state;
		this.#reason = reason;
		if (changed) this.#onState();
	}
}
