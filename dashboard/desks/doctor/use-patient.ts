/** Everything of the patient on one van: numerics and waveforms, from the store and then live. */
import { useEffect, useState } from 'react';
import { decodeSamples, type StoredWaveform, type WaveformFrame } from '@junkai/contracts';
import { api } from '../../shared/api/rest.ts';
import { useLive } from '../../shared/live/live-context.tsx';
import { exposeDiagnostics } from './diagnostics.ts';
import { Numerics } from './numerics.ts';
import { TraceStore } from './traces/trace-store.ts';

export interface Patient {
	vehicle: string;
	numerics: Numerics;
	traces: TraceStore;
	/** Time of the newest thing that came live of this van, not later than now; `null` before the first. */
	heard: () => number | null;
}

/** How far back numerics and waveforms are fetched when a van is opened, ms. */
const numericsBack = 3_600_000;
const waveformsBack = 20_000;

const frameOf = (vehicle: string, { data, kind: _kind, received: _received, ...header }: StoredWaveform): WaveformFrame => ({
	header: { vehicle, ...header },
	samples: decodeSamples({ ...header, data }),
});

export function usePatient(vehicle: string): Patient | null {
	const { client } = useLive();
	const [patient, setPatient] = useState<Patient | null>(null);
	useEffect(() => {
		const numerics = new Numerics();
		const traces = new TraceStore(vehicle);
		let heard: number | null = null;
		let wanted = true;
		let leftAt: number | null = null;

		// By the record's own time: on subscribing the server repeats the newest it has, however old that is.
		const hear = (time: number) => {
			heard = Math.max(heard ?? 0, Math.min(time, client.clock.now()));
		};
		const loadNumerics = async () => {
			const stored = await api.readings(vehicle, { from: client.clock.now() - numericsBack }).catch(() => []);
			if (wanted) for (const reading of stored) numerics.take(reading, reading.received, reading.historical);
		};
		const loadWaveforms = async (back: number, missed: boolean) => {
			const stored = await api.waveforms(vehicle, { from: client.clock.now() - back }).catch(() => []);
			if (wanted) for (const block of stored) traces.takeStored(frameOf(vehicle, block), missed);
		};
		const stopListening = client.listen({
			frame(frame) {
				if (frame.header.vehicle !== vehicle) return;
				const { header } = frame;
				if (!header.historical) hear(header.time + (header.count * 1000) / header.rate);
				traces.take(frame, performance.now());
			},
			message(message) {
				if (message.type !== 'reading' || message.vehicle !== vehicle) return;
				if (!message.historical) hear(message.record.time);
				numerics.take(message.record, client.clock.now(), message.historical);
			},
			state(state) {
				if (state.phase === 'waiting') leftAt ??= Date.now();
			},
			ready() {
				if (leftAt === null) return;
				void loadNumerics();
				void loadWaveforms(Math.min(60_000, Date.now() - leftAt + 5000), true);
				leftAt = null;
			},
		});
		void loadNumerics();
		void loadWaveforms(waveformsBack, false);
		const hide = exposeDiagnostics(traces, client.stats);
		setPatient({ vehicle, numerics, traces, heard: () => heard });
		return () => {
			wanted = false;
			stopListening();
			hide();
			setPatient(null);
		};
	}, [client, vehicle]);
	return patient;
}
