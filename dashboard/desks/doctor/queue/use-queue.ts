/** The doctor's queue as the server has it: fetched when the channel is there, and each time that it says that it is another one. */
import type { DoctorQueue } from '@junkai/contracts';
import { useCallback, useRef, useState } from 'react';
import { queueApi } from '../../../shared/api/queue.ts';
import { useLiveMessages, useSubscription } from '../../../shared/live/live-context.tsx';

export interface QueueState {
	/** Null: not loaded yet. */
	queue: DoctorQueue | null;
	/** The newest try to load it has failed; what was loaded before is still there. */
	failed: boolean;
	reload: () => void;
}

const hearsQueue: Parameters<typeof useSubscription>[0] = [{ vehicles: [], kinds: ['queue'] }];

export function useQueue(): QueueState {
	const [state, setState] = useState<Omit<QueueState, 'reload'>>({ queue: null, failed: false });
	const turn = useRef(0);
	const reload = useCallback(() => {
		const mine = ++turn.current;
		// An answer that comes after a newer question is of the past.
		const isNewest = () => mine === turn.current;
		void queueApi.own().then(
			(queue) => isNewest() && setState({ queue, failed: false }),
			() => isNewest() && setState(({ queue }) => ({ queue, failed: true })),
		);
	}, []);
	useSubscription(hearsQueue, reload);
	useLiveMessages(['queue'], reload);
	return { ...state, reload };
}
