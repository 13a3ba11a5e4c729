/** What a port's driver gives out, turned into uplink records with time, clock quality and the port's name. */
import type { EventCode, Signal } from '@junkai/contracts';
import type { DriverEvent, DriverOutput, DriverPosition, DriverReading } from '@junkai/firmware-bridge';
import type { Clock, Stamp } from '../clock/clock.ts';
import type { NewRecord } from '../spool/spool.ts';
import { WaveformBlocks } from './waveform-blocks.ts';

export interface RecorderOptions {
	clock: Clock;
	append: (record: NewRecord) => void;
	/** Length of a waveform block now, ms. */
	blockLength: () => number;
	/** Whether waveforms are to be kept now. */
	keepWaveforms: () => boolean;
}

/** Makes the records of one port. */
export class Recorder {
	readonly #port: string;
	readonly #options: RecorderOptions;
	readonly #blocks = new Map<Signal, WaveformBlocks>();

	constructor(port: string, options: RecorderOptions) {
		this.#port = port;
		this.#options = options;
	}

	/** Takes one output of the driver. */
	take(output: DriverOutput, at: number): void {
		switch (output.type) {
			case 'position':
				return this.#position(output, at);
			case 'reading':
				return this.#options.append(readingRecord(output, this.#options.clock.stamp(at), this.#port));
			case 'waveform':
				if (this.#options.keepWaveforms()) this.#blocksOf(output.signal).add(output, at);
				return;
			case 'event':
				return this.#options.append(eventRecord(output, this.#options.clock.stamp(at), this.#port));
		}
	}

	/** An event of the port itself. */
	event(code: EventCode, detail: Record<string, string | number | boolean>, active?: boolean): void {
		const event: DriverEvent = { type: 'event', class: 'technical', code, detail, ...(active === undefined ? {} : { active }) };
		this.#options.append(eventRecord(event, this.#options.clock.stamp(), this.#port));
	}

	/** Makes records of gathered samples, for example when the line has gone quiet. */
	flush(): void {
		for (const blocks of this.#blocks.values()) blocks.flush();
	}

	/** The line was interrupted: waveforms begin anew. */
	interrupt(): void {
		for (const blocks of this.#blocks.values()) blocks.interrupt();
	}

	#position(fix: DriverPosition, at: number): void {
		const { clock } = this.#options;
		const deviceTime = fix.time === null ? undefined : Date.parse(fix.time);
		if (deviceTime !== undefined && fix.mode !== 1 && fix.untrusted === undefined) clock.gnss(deviceTime, at);
		const { type: _type, time: _time, ...rest } = fix;
		this.#options.append({
			kind: 'position',
			...clock.stamp(at),
			port: this.#port,
			...(deviceTime === undefined || deviceTime < 0 ? {} : { deviceTime }),
			...rest,
		});
	}

	#blocksOf(signal: Signal): WaveformBlocks {
		let blocks = this.#blocks.get(signal);
		if (blocks === undefined) {
			blocks = new WaveformBlocks(this.#port, {
				stamp: (at) => this.#options.clock.stamp(at),
				append: this.#options.append,
				blockLength: this.#options.blockLength,
			});
			this.#blocks.set(signal, blocks);
		}
		return blocks;
	}
}

function readingRecord(reading: DriverReading, stamp: Stamp, port: string): NewRecord {
	const { type: _type, ...rest } = reading;
	return { kind: 'reading', ...stamp, port, ...rest };
}

function eventRecord(event: DriverEvent, stamp: Stamp, port: string): NewRecord {
	const { type: _type, ...rest } = event;
	return { kind: 'event', ...stamp, port, ...rest };
}
