/** What a call answers for what is asked for, with why it could not be had. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from '../../../shared/api/rest.ts';

export interface Answer<T> {
	found: T | null;
	working: boolean;
	trouble: string | null;
	retry: () => void;
}

/** @param key says what is asked for; null asks nothing. What was found for another key is not shown any more. */
export function useAnswer<T>(key: string | null, ask: () => Promise<T>): Answer<T> {
	const [state, setState] = useState<{ key: string; found: T | null; trouble: string | null } | null>(null);
	const newest = useRef(ask);
	newest.current = ask;
	const number = useRef(0);
	const load = useCallback(async () => {
		if (key === null) return;
		const own = ++number.current;
		const take = (found: T | null, trouble: string | null) => {
			if (own === number.current) setState({ key, found, trouble });
		};
		try {
			take(await newest.current(), null);
		} catch (error) {
			take(null, error instanceof ApiError ? (error.problem?.detail ?? '') : '');
		}
	}, [key]);
	useEffect(() => void load(), [load]);
	const current = state?.key === key ? state : null;
	return {
		found: current?.found ?? null,
		working: key !== null && current === null,
		trouble: current?.trouble ?? null,
		retry: () => {
			setState(null);
			void load();
		},
	};
}
