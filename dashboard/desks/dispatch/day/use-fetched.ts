import { useEffect, useState } from 'react';

/** What a call answers for a key: `undefined` while it is asked, `null` when it could not be had. Asked anew with another key. */
export function useFetched<T>(key: string | null, ask: () => Promise<T>): T | null | undefined {
	const [state, setState] = useState<{ key: string; found: T | null } | null>(null);
	useEffect(() => {
		if (key === null) return;
		let wanted = true;
		ask().then(
			(found) => wanted && setState({ key, found }),
			() => wanted && setState({ key, found: null }),
		);
		return () => {
			wanted = false;
		};
		// The key says what is asked.
	}, [key]);
	return state !== null && state.key === key ? state.found : undefined;
}
