import { useEffect, useState } from 'react';
import { api } from '../../../shared/api/rest.ts';
import { useLive } from '../../../shared/live/live-context.tsx';
import { Track, trackLength, type TrackPart } from './track.ts';

const redrawEvery = 1000;
const nothing: readonly TrackPart[] = [];

/** The last hour of a van, from the store and then live; redrawn at most each second. */
export function useTrack(vehicle: string | null): readonly TrackPart[] {
	const { client } = useLive();
	const [parts, setParts] = useState<readonly TrackPart[]>(nothing);
	useEffect(() => {
		setParts(nothing);
		if (vehicle === null) return;
		const track = new Track();
		let wanted = true;
		let dirty = false;
		const load = async () => {
			const stored = await api.positions(vehicle, { from: client.clock.now() - trackLength }).catch(() => []);
			if (!wanted) return;
			for (const item of stored) track.add(item, item.epoch, item.historical);
			setParts(track.parts(client.clock.now()));
		};
		const stop = client.listen({
			// After a break of this browser's own line the store knows what it missed.
			ready: () => void load(),
			message(message) {
				if (message.type !== 'position' || message.vehicle !== vehicle) return;
				if (track.add(message.record, message.epoch, message.historical)) dirty = true;
			},
		});
		void load();
		const timer = setInterval(() => {
			if (!dirty) return;
			dirty = false;
			setParts(track.parts(client.clock.now()));
		}, redrawEvery);
		return () => {
			wanted = false;
			stop();
			clearInterval(timer);
		};
	}, [client, vehicle]);
	return parts;
}
