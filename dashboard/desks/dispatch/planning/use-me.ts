import { useEffect, useState } from 'react';
import { api } from '../../../shared/api/rest.ts';

/** Name of who is signed in; null as long as it is not known. */
export function useMe(): string | null {
	const [me, setMe] = useState<string | null>(null);
	useEffect(() => {
		let wanted = true;
		api.whoAmI().then(
			({ username }) => wanted && setMe(username),
			() => undefined,
		);
		return () => {
			wanted = false;
		};
	}, []);
	return me;
}
