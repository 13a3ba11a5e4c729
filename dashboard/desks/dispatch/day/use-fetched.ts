import { useEffect, useLayoutEffect, useRef, useState } from 'react';

/**
 * What a call answers: `undefined` while it is asked, `null` when it could not be had.
 * @param key says what is asked: with another key it is asked anew, with null not at all
 */
export function useFetched<T>(key: string | null, ask: () => Promise<T>): T | null | undefined {
	const [state, setState] = useState<{ key: string; found: T | null } | null>(null);
	const newest = useRef(ask);
	useLayoutEffect(() => {
		newest.current = ask;
	});
	useEffect(() => {
		if (key === null) return;
		let wanted = true;
		newest.current().then(
			(found) => wanted && setState({ key, found }),
			() => wanted && setState({ key, found: null }),
		);
		return () => {
			wanted = false;
		};
	}, [key]);
	return state !== null && state.key === key ? state.found : undefined;
}
