import { useEffect, useState } from 'react';
import type { PublishedPlan, RouteProgress } from '@junkai/contracts';
import { api } from '../../../shared/api/rest.ts';
import { useLive } from '../../../shared/live/live-context.tsx';

/** The plan with one van further on its way. */
export function advanced(plan: PublishedPlan, { vehicle, next, reached }: RouteProgress): PublishedPlan {
	return { ...plan, routes: plan.routes.map((route) => (route.vehicle === vehicle ? { ...route, next, reached } : route)) };
}

/** The plan that holds, kept up to date; `undefined` until it is known, `null` when there is none. */
export function usePlan(): PublishedPlan | null | undefined {
	const { client } = useLive();
	const [plan, setPlan] = useState<PublishedPlan | null | undefined>();
	useEffect(() => {
		let wanted = true;
		let asked = 0;
		const load = async () => {
			const turn = ++asked;
			const found = await api.plan().catch(() => undefined);
			// An answer that was overtaken by a newer question says nothing; what was known stays when there is no answer.
			if (wanted && turn === asked && found !== undefined) setPlan(found);
		};
		void load();
		const stop = client.listen({
			ready: () => void load(),
			message(message) {
				if (message.type === 'plan') void load();
				else if (message.type === 'progress') setPlan((before) => (before ? advanced(before, message.progress) : before));
			},
		});
		return () => {
			wanted = false;
			stop();
		};
	}, [client]);
	return plan;
}
