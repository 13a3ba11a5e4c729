/** The newest numerics of one van, by code and by the port they came from: two devices may measure the same thing. */
import type { AbsentReason, ReadingCode, ReadingRecord } from '@junkai/contracts';
import { freshness, type Freshness } from './freshness.ts';

type Heard = Pick<ReadingRecord, 'code' | 'time' | 'clock' | 'value' | 'absent' | 'questionable' | 'stored' | 'port'>;

export interface Shown {
	code: ReadingCode;
	port: string | null;
	/** When the newest reading was taken, whether it had a value or not. */
	time: number;
	freshness: Freshness;
	/** Absent when the device gave a reason instead, or when the reading is too old. */
	value: number | null;
	absent: AbsentReason | null;
	questionable: readonly AbsentReason[];
	/** Other ports that measure the same and are fresh. */
	others: { port: string | null; value: number }[];
}

const rank = { fresh: 0, aging: 1, none: 2 } as const;

export class Numerics {
	private readonly newest = new Map<string, Heard>();
	private chosen = new Map<ReadingCode, string | null>();
	private readonly listeners = new Set<() => void>();
	private version = 0;

	/**
	 * Takes a reading if it is newer than what is there. What comes from a device's memory is never current.
	 * @param received When it came, by the server clock: no reading is younger than that, whatever the van's clock said.
	 */
	take(heard: Heard, received: number, historical = false): void {
		if (heard.stored === true) return;
		const time = heard.clock === 'unsynchronised' && !historical ? received : Math.min(heard.time, received);
		const record = { ...heard, time };
		const key = `${record.code}/${record.port ?? ''}`;
		const before = this.newest.get(key);
		if (before !== undefined && before.time >= record.time) return;
		this.newest.set(key, record);
		this.version++;
		for (const listener of this.listeners) listener();
	}

	subscribe = (listener: () => void): (() => void) => {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	};
	/** Changes with every reading taken. */
	snapshot = (): number => this.version;

	/** What to show for a code at a time; `null` when no device ever spoke of it. Stays with a port while that port is fresh. */
	at(code: ReadingCode, now: number): Shown | null {
		const all = [...this.newest.values()]
			.filter((r) => r.code === code)
			.map((record) => ({ record, state: freshness(code, now - record.time) }));
		if (all.length === 0) return null;
		const kept = this.chosen.get(code);
		const score = ({ record, state }: (typeof all)[number]) =>
			rank[state] * 4 + (record.value === undefined ? 2 : 0) + ((record.port ?? null) === kept ? 0 : 1);
		all.sort((a, b) => score(a) - score(b) || b.record.time - a.record.time);
		const { record, state } = all[0]!;
		this.chosen.set(code, record.port ?? null);
		return {
			code,
			port: record.port ?? null,
			time: record.time,
			freshness: state,
			value: state === 'none' ? null : (record.value ?? null),
			absent: state === 'none' ? null : (record.absent ?? null),
			questionable: record.questionable ?? [],
			others: all
				.slice(1)
				.flatMap((o) =>
					o.state === 'fresh' && o.record.value !== undefined ? [{ port: o.record.port ?? null, value: o.record.value }] : [],
				),
		};
	}

	/** Codes that any device ever spoke of. */
	codes(): Set<ReadingCode> {
		return new Set([...this.newest.values()].map((r) => r.code));
	}
}
