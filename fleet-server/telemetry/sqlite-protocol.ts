/** What the SQLite adapter and its worker threads say to each other. */
import type { EventRecord, RecordKind, VehicleId } from '@junkai/contracts';
import type { ClockCorrection, Latest, PageQuery, TelemetryBatch, WriteOutcome } from './store.ts';

export interface SelectRequest {
	kind: RecordKind;
	vehicle: VehicleId;
	query: PageQuery;
	/** Exact match in a column, for example the code of a reading. */
	match?: { column: 'code' | 'signal'; value: string };
	classes?: readonly EventRecord['class'][];
}

export interface Requests {
	write: { request: readonly TelemetryBatch[]; answer: WriteOutcome };
	select: { request: SelectRequest; answer: { items: Record<string, unknown>[]; next: string | null } };
	latest: { request: null; answer: Latest[] };
	corrections: { request: null; answer: ClockCorrection[] };
	check: { request: null; answer: null };
	close: { request: null; answer: null };
}
export type RequestName = keyof Requests;

export interface Call<N extends RequestName = RequestName> {
	id: number;
	name: N;
	request: Requests[N]['request'];
}
export type Reply = { id: number; answer: unknown } | { id: number; error: string; cursor: boolean };
