import type { DraftDay, PlanBoard } from '@junkai/contracts';
import { useMemo, useSyncExternalStore } from 'react';
import { setQueryPart, useQueryPart } from '../../../app/router.tsx';
import { currentScheme, onSchemeChange } from '../../../shared/ui/theme.ts';
import { timelineOfDraft, type TimelineData } from '../timeline/model.ts';

/** Which day of a plan is shown; it stands in the address. */
export function useShownDay(board: PlanBoard | null): { date: string; day: DraftDay | null; show: (date: string) => void } {
	const asked = useQueryPart('day');
	const day = board?.days.find(({ date }) => date === asked) ?? board?.days[0] ?? null;
	return { date: day?.date ?? asked ?? board?.options.from ?? '', day, show: (date) => setQueryPart('day', date) };
}

export const useScheme = (): 'light' | 'dark' => useSyncExternalStore(onSchemeChange, currentScheme);

export function useTimelineOf(day: DraftDay | null): TimelineData | null {
	const scheme = useScheme();
	return useMemo(() => (day === null ? null : timelineOfDraft(day, scheme)), [day, scheme]);
}
